package com.nocobase.cluster.sample.datasource;

import java.util.Set;
import java.util.TreeSet;

/**
 * Who has applied a change, and which live instance has not, by instance id.
 *
 * @param applied those that have
 * @param lagging those that have not
 */
record Applied(Set<String> applied, Set<String> lagging) {

	Applied {
		applied = new TreeSet<>(applied);
		lagging = new TreeSet<>(lagging);
	}

}
