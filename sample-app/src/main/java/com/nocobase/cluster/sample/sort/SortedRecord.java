package com.nocobase.cluster.sample.sort;

/**
 * A record that was inserted.
 *
 * @param id its id, as text because others read JSON too
 * @param sort its place in its collection, from 1
 */
record SortedRecord(String id, long sort) {

}
