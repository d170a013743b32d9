package com.nocobase.cluster.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.CapabilityHealth;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Ids with the worker id of a lease, which is taken when the instance starts, or earlier
 * by the first who needs it, and given back when the instance stops. A lease that was
 * lost stops the ids; the next call asks for another one, beside the callers.
 */
final class LeasedIds implements SnowflakeIds, Capability {

	private static final Log logger = LogFactory.getLog(LeasedIds.class);

	private static final long TRY_AGAIN = Duration.ofSeconds(1).toNanos();

	private final WorkerIdProperties properties;

	private final WorkerIdAllocator allocator;

	private final ClusterRuntime runtime;

	private final IdLayout layout;

	private final IdSequence sequence;

	/** Guards taking and giving back. */
	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable WorkerIdLease lease;

	private volatile boolean stopped;

	/** When another lease was tried for last, in place of a lost one. */
	private final AtomicLong triedAt;

	LeasedIds(WorkerIdProperties properties, WorkerIdAllocator allocator, ClusterRuntime runtime) {
		this.properties = properties;
		this.allocator = allocator;
		this.runtime = runtime;
		this.layout = new IdLayout(properties.workerBits());
		this.sequence = new IdSequence(runtime, this.layout, properties.maxWait());
		this.triedAt = new AtomicLong(runtime.nanoTime() - TRY_AGAIN);
	}

	void start() {
		this.stopped = false;
		int workerId = lease().workerId();
		logger.info(LogMessage.format("Ids carry the worker id %d, taken from '%s'", workerId, adapter()));
	}

	void stop() {
		WorkerIdLease given;
		this.lock.lock();
		try {
			this.stopped = true;
			given = this.lease;
			this.lease = null;
		}
		finally {
			this.lock.unlock();
		}
		if (given != null) {
			given.giveBack(this.sequence::used);
		}
	}

	private WorkerIdLease lease() {
		WorkerIdLease current = this.lease;
		return (current != null) ? current : allocate();
	}

	private WorkerIdLease allocate() {
		this.lock.lock();
		try {
			WorkerIdLease current = this.lease;
			if (current != null) {
				return current;
			}
			if (this.stopped) {
				throw new WorkerIdException("The worker id was given back: the application has stopped", null);
			}
			return take();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public long next() {
		WorkerIdLease current = lease();
		try {
			return this.sequence.next(current);
		}
		catch (WorkerIdException ex) {
			if (current.horizon().equals(Instant.MIN)) {
				replaceSoon(current);
			}
			throw ex;
		}
	}

	private void replaceSoon(WorkerIdLease lost) {
		long now = this.runtime.nanoTime();
		long last = this.triedAt.get();
		if (now - last >= TRY_AGAIN && this.triedAt.compareAndSet(last, now)) {
			this.runtime.executor().execute(() -> replace(lost));
		}
	}

	private void replace(WorkerIdLease lost) {
		if (!this.lock.tryLock()) {
			return;
		}
		try {
			if (this.lease == lost && !this.stopped) {
				lost.giveBack(this.sequence::used);
				WorkerIdLease taken = take();
				logger.info(LogMessage.format("Ids carry the worker id %d now, as %d was lost", taken.workerId(),
						lost.workerId()));
			}
		}
		catch (RuntimeException ex) {
			logger.warn("There is no other worker id yet; trying again with the next id that is asked for", ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private WorkerIdLease take() {
		WorkerIdLease taken = this.allocator.allocate(this.layout.workers());
		this.sequence.startAbove(taken.floor());
		this.lease = taken;
		return taken;
	}

	@Override
	public int workerId() {
		return lease().workerId();
	}

	@Override
	public SnowflakeId parse(long id) {
		return this.layout.parse(id);
	}

	@Override
	public String name() {
		return "workerId";
	}

	@Override
	public String adapter() {
		return this.properties.allocatorName();
	}

	@Override
	public CapabilityHealth health() {
		WorkerIdLease current = this.lease;
		if (current == null) {
			return CapabilityHealth.up(Map.of("adapter", adapter()));
		}
		Instant horizon = current.horizon();
		boolean held = horizon.getEpochSecond() >= this.runtime.clock().instant().getEpochSecond();
		return new CapabilityHealth(held, Map.of("adapter", adapter(), "workerId", current.workerId(), "held", held));
	}

}
