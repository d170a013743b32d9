package com.nocobase.cluster.worker.local;

import java.time.Duration;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.worker.WorkerIdAllocator;
import com.nocobase.cluster.worker.WorkerIdLease;

/**
 * One instance's way to the table.
 */
final class LocalWorkerIds implements WorkerIdAllocator {

	private final LocalWorkerIdTable table;

	private final Instance instance;

	private final Duration ttl;

	LocalWorkerIds(LocalWorkerIdTable table, Instance instance, Duration ttl) {
		this.table = table;
		this.instance = instance;
		this.ttl = ttl;
	}

	@Override
	public WorkerIdLease allocate(int workerIds) {
		return this.table.allocate(this.instance, workerIds, this.ttl);
	}

}
