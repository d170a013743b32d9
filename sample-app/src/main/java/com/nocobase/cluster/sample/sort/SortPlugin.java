package com.nocobase.cluster.sample.sort;

import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

import com.nocobase.cluster.ClusterApp;
import com.nocobase.cluster.Plugin;
import com.nocobase.cluster.lock.LockOptions;

/**
 * Numbers the records of a collection. The lock belongs to the transaction: it is given
 * back after the commit, when the next one can see the new maximum.
 */
@Component
class SortPlugin extends Plugin {

	private final Records records;

	SortPlugin(ClusterApp app, Records records) {
		super("sort", app);
		this.records = records;
	}

	@Transactional
	SortedRecord insert(String collection, String body) {
		return app().lockManager().runExclusive(name() + ":" + collection, LockOptions.DEFAULTS, () -> {
			long id = app().ids().next();
			long sort = this.records.nextSort(collection);
			this.records.insert(id, collection, sort, body);
			return new SortedRecord(Long.toString(id), sort);
		});
	}

}
