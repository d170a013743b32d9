package com.nocobase.cluster.worker.local;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import com.nocobase.cluster.memory.MemoryPart;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.worker.WorkerIdException;
import com.nocobase.cluster.worker.WorkerIdLease;

/**
 * The worker ids of all contexts of one broker, apart for each application. In one
 * process a lease needs no renewal: it ends when it is given back, or some time after its
 * instance has crashed.
 */
final class LocalWorkerIdTable implements MemoryPart {

	private final ClusterRuntime runtime;

	/** Guards the map. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Map<Worker, LocalWorkerIdLease> leases = new HashMap<>();

	/**
	 * Creates an empty table.
	 * @param runtime the clocks of the first context
	 */
	LocalWorkerIdTable(ClusterRuntime runtime) {
		this.runtime = runtime;
	}

	WorkerIdLease allocate(Instance instance, int workerIds, Duration ttl) {
		this.lock.lock();
		try {
			for (int id = 0; id < workerIds; id++) {
				Worker worker = new Worker(instance.app(), id);
				LocalWorkerIdLease last = this.leases.get(worker);
				if (last == null || last.isFree()) {
					LocalWorkerIdLease lease = new LocalWorkerIdLease(instance, id, ttl, this.runtime,
							(last != null) ? last.used() : Long.MIN_VALUE);
					this.leases.put(worker, lease);
					return lease;
				}
			}
		}
		finally {
			this.lock.unlock();
		}
		throw new WorkerIdException(
				"None of the %d worker ids is free; raise nocobase.cluster.worker-id.worker-bits on all instances"
					.formatted(workerIds),
				null);
	}

	@Override
	public void crashed(Instance instance) {
		this.lock.lock();
		try {
			this.leases.values()
				.stream()
				.filter((lease) -> lease.instance().equals(instance))
				.forEach(LocalWorkerIdLease::crash);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A worker id of an application.
	 *
	 * @param app the application
	 * @param id the id
	 */
	private record Worker(String app, int id) {

	}

}
