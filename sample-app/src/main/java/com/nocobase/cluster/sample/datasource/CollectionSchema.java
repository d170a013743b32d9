package com.nocobase.cluster.sample.datasource;

import java.util.List;

/**
 * A collection as it is kept in memory. Immutable.
 *
 * @param name name of the collection
 * @param fields names of its fields, sorted
 */
record CollectionSchema(String name, List<String> fields) {

	CollectionSchema {
		fields = List.copyOf(fields);
	}

}
