package com.nocobase.cluster.cache;

import java.util.Collection;

/**
 * Named bloom filters: what was added is always found, what was not is found with the
 * error rate that was reserved. An item is never removed. Not transactional. Safe from
 * any thread.
 */
public interface BloomFilter {

	/**
	 * Makes a filter. Reserving one that exists keeps its content and its size.
	 * @param key the key
	 * @param errorRate between 0 and 1, both excluded
	 * @param capacity how many items it is made for
	 * @throws IllegalArgumentException if a number is out of bounds
	 */
	void reserve(String key, double errorRate, long capacity);

	/**
	 * Adds an item.
	 * @param key the key
	 * @param item the item
	 * @return {@code false} if it was probably there before
	 * @throws IllegalStateException if the filter was not reserved or is gone
	 */
	boolean add(String key, String item);

	/**
	 * Adds several items.
	 * @param key the key
	 * @param items the items
	 * @throws IllegalStateException if the filter was not reserved or is gone
	 */
	void mAdd(String key, Collection<String> items);

	/**
	 * Returns whether an item was probably added.
	 * @param key the key
	 * @param item the item
	 * @return {@code false} if it certainly was not
	 * @throws IllegalStateException if the filter was not reserved or is gone: an empty
	 * answer would be a lie
	 */
	boolean exists(String key, String item);

}
