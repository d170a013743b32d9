package com.nocobase.cluster.sample.datasource;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.springframework.stereotype.Component;

/**
 * All collections in this instance's memory. It only ever reads the tables again, under a
 * lock, so that what was read first never comes last. Safe from any thread.
 */
@Component
class Schema {

	private final SchemaTables tables;

	private final ReentrantLock reloading = new ReentrantLock();

	private volatile SortedMap<String, CollectionSchema> collections = Collections.emptySortedMap();

	Schema(SchemaTables tables) {
		this.tables = tables;
	}

	List<CollectionSchema> collections() {
		return List.copyOf(this.collections.values());
	}

	void reload() {
		replace(() -> {
			SortedMap<String, CollectionSchema> found = new TreeMap<>();
			this.tables.findAll().forEach((collection) -> found.put(collection.name(), collection));
			return found;
		});
	}

	void reload(String collection) {
		replace(() -> {
			SortedMap<String, CollectionSchema> changed = new TreeMap<>(this.collections);
			this.tables.find(collection)
				.ifPresentOrElse((found) -> changed.put(collection, found), () -> changed.remove(collection));
			return changed;
		});
	}

	private void replace(Supplier<SortedMap<String, CollectionSchema>> read) {
		this.reloading.lock();
		try {
			this.collections = Collections.unmodifiableSortedMap(read.get());
		}
		finally {
			this.reloading.unlock();
		}
	}

}
