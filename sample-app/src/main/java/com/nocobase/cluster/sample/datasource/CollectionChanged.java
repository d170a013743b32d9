package com.nocobase.cluster.sample.datasource;

/**
 * Tells every instance to reload a collection, because it was created, changed or
 * removed.
 *
 * @param name name of the collection
 */
record CollectionChanged(String name) {

}
