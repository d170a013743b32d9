package com.nocobase.cluster.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.support.Alarm;
import com.nocobase.cluster.support.CapabilityHealth;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Signals;

/**
 * Looks after all leases of the instance with one alarm.
 * <ol>
 * <li>It rings when the first lease ends, or has to be renewed.</li>
 * <li>Leases that have ended are lost, whatever the adapter does.</li>
 * <li>Those due are renewed in one call, on a thread of the executor. A call that hangs
 * holds up the leases in it and no others.</li>
 * <li>A call that fails is made again soon, until the lease has ended.</li>
 * </ol>
 */
final class LeaseKeeper {

	private static final Log logger = LogFactory.getLog(LeaseKeeper.class);

	/** How long stopping waits for callbacks. */
	private static final Duration CALLBACKS = Duration.ofSeconds(2);

	private static final Duration RECENT = Duration.ofMinutes(1);

	private final String adapterName;

	private final LockAdapter adapter;

	private final ClusterRuntime runtime;

	private final Signals signals;

	/** All leases that are held, by owner. */
	private final Map<String, HeldLease> leases = new ConcurrentHashMap<>();

	/** Callbacks that run. */
	private final Set<CountDownLatch> telling = ConcurrentHashMap.newKeySet();

	private final Alarm alarm;

	private final AtomicLong lost = new AtomicLong();

	private volatile long lastLost;

	private volatile boolean stopped;

	LeaseKeeper(String adapterName, LockAdapter adapter, ClusterRuntime runtime, Signals signals) {
		this.adapterName = adapterName;
		this.adapter = adapter;
		this.runtime = runtime;
		this.signals = signals;
		this.alarm = new Alarm(runtime, this::look);
	}

	LockAdapter adapter() {
		return this.adapter;
	}

	long now() {
		return this.runtime.nanoTime();
	}

	void start() {
		this.stopped = false;
		logger.info(LogMessage.format("Locks are kept by the adapter '%s'", this.adapterName));
	}

	/**
	 * Gives all leases back, and tells their holders. One that a body or a transaction
	 * still uses is left to run out, as nobody knows when that ends.
	 */
	void stop() {
		this.stopped = true;
		for (HeldLease lease : this.leases.values()) {
			lease.lose("the application stops");
			lease.giveBackIfThrough();
		}
		this.alarm.cancel();
		awaitCallbacks();
	}

	boolean isStopped() {
		return this.stopped;
	}

	/**
	 * Begins to look after a lease.
	 * @param lease the lease
	 */
	void watch(HeldLease lease) {
		this.leases.put(lease.grant().owner(), lease);
		if (this.stopped) {
			lease.lose("the application stops");
		}
		arm(lease);
	}

	/**
	 * Makes sure that a lease is looked at in time.
	 * @param lease the lease
	 */
	void arm(HeldLease lease) {
		this.alarm.by(lease.lookAt());
	}

	void forget(HeldLease lease) {
		this.leases.remove(lease.grant().owner());
	}

	private void look() {
		long now = now();
		List<Renewal> due = new ArrayList<>();
		for (HeldLease lease : this.leases.values()) {
			if (lease.isHeldAt(now)) {
				Renewal renewal = lease.dueRenewal(now);
				if (renewal != null) {
					due.add(renewal);
				}
				arm(lease);
			}
			else {
				forget(lease);
			}
		}
		if (!due.isEmpty() && !later(() -> renewDue(due))) {
			due.forEach((renewal) -> {
				renewal.lease().renewLater(now);
				renewal.lease().moved();
			});
		}
	}

	private void renewDue(List<Renewal> due) {
		try {
			renew(due);
		}
		catch (RuntimeException ex) {
			logger.warn(LogMessage.format("Renewing %d leases failed and is tried again", due.size()), ex);
			this.signals.count("lock.renewal-failed", this.adapterName);
			due.forEach((renewal) -> renewal.lease().renewLater(now()));
		}
		finally {
			due.forEach((renewal) -> renewal.lease().moved());
		}
	}

	/**
	 * Has leases renewed, by whoever holds the right to move them.
	 * @param renewals the leases
	 * @throws LockException if the adapter failed
	 */
	void renew(List<Renewal> renewals) {
		long before = now();
		Set<LockGrant> gone;
		try {
			gone = this.adapter.renew(renewals.stream().map(Renewal::request).toList());
		}
		catch (LockException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw new LockException("Leases cannot be renewed by the adapter '%s'".formatted(this.adapterName), ex);
		}
		for (Renewal renewal : renewals) {
			if (gone.contains(renewal.request().grant())) {
				renewal.lease().lose("the adapter '%s' no longer has it".formatted(this.adapterName));
			}
			else {
				renewal.lease().renewed(before + LeaseTerms.nanos(renewal.ttl()));
			}
		}
	}

	void giveBack(LockGrant grant, LeaseTerms terms) {
		try {
			this.adapter.release(grant, (terms.atLeast() > 0) ? terms.keep(grant, now()) : Duration.ZERO);
		}
		catch (RuntimeException ex) {
			logger.warn(LogMessage.format("Lock '%s' could not be given back and ends by itself", grant.key()), ex);
			this.signals.count("lock.release-failed", this.adapterName);
		}
	}

	void lost(HeldLease lease, String reason) {
		forget(lease);
		this.lastLost = now();
		this.lost.incrementAndGet();
		logger.warn(LogMessage.format("The lease of lock '%s' is lost: %s", lease.key(), reason));
		this.signals.count("lock.lost", this.adapterName);
	}

	void tell(HeldLease lease, Runnable callback) {
		CountDownLatch told = new CountDownLatch(1);
		this.telling.add(told);
		boolean begun = later(() -> {
			try {
				callback.run();
			}
			catch (Throwable ex) {
				logger.error(LogMessage.format("A callback failed that was told of the loss of lock '%s'", lease.key()),
						ex);
				this.signals.count("lock.callback-failed", this.adapterName);
			}
			finally {
				this.telling.remove(told);
				told.countDown();
			}
		});
		if (!begun) {
			this.telling.remove(told);
		}
	}

	private void awaitCallbacks() {
		long start = now();
		try {
			for (CountDownLatch told : this.telling) {
				long rest = CALLBACKS.toNanos() - (now() - start);
				if (!told.await(rest, TimeUnit.NANOSECONDS)) {
					logger.warn("A callback that was told of the loss of a lock still runs; going on without it");
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	boolean later(Runnable task) {
		try {
			this.runtime.executor().execute(task);
			return true;
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			logger.warn("No thread for the locks; leases that are not renewed or given back end by themselves", ex);
			return false;
		}
	}

	String adapterName() {
		return this.adapterName;
	}

	CapabilityHealth health() {
		long losses = this.lost.get();
		boolean recent = losses > 0 && now() - this.lastLost < RECENT.toNanos();
		return new CapabilityHealth(!recent,
				Map.of("adapter", this.adapterName, "held", this.leases.size(), "lost", losses));
	}

}
