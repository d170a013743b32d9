package com.nocobase.cluster.lock.registry;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.lock.LockAdapter;
import com.nocobase.cluster.lock.LockGrant;
import com.nocobase.cluster.lock.LockRenewal;
import com.nocobase.cluster.lock.LockRequest;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Nanos;

/**
 * Locks of a lock registry.
 * <ol>
 * <li>The threads of this process queue for a key in memory; only the first of them asks
 * the registry.</li>
 * <li>While another process has the lock, the first asks again after a pause that grows
 * up to {@link #LONGEST_PAUSE}. A lock that this process gives back wakes it at
 * once.</li>
 * <li>A lock whose time is over by our own clock keeps nobody of this process out, even
 * if its holder does not know yet.</li>
 * </ol>
 */
final class RegistryLocks implements LockAdapter, AutoCloseable {

	private static final Log logger = LogFactory.getLog(RegistryLocks.class);

	private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

	private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

	/** How soon a waiter sees that a lock of this process has come to its end. */
	private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(200);

	private final HoldSource source;

	private final ClusterRuntime runtime;

	private final KeyGates gates;

	/** What we hold, by owner. */
	private final Map<String, HeldKey> holds = new ConcurrentHashMap<>();

	RegistryLocks(HoldSource source, ClusterRuntime runtime) {
		this.source = source;
		this.runtime = runtime;
		this.gates = new KeyGates(runtime);
	}

	@Override
	public Optional<LockGrant> acquire(LockRequest request) throws InterruptedException {
		KeyWaiter waiter = KeyWaiter.of(!request.maxWait().isZero());
		long firstAskedAt = this.runtime.nanoTime();
		long maxWait = Nanos.of(request.maxWait());
		long pause = SHORTEST_PAUSE;
		boolean granted = false;
		try {
			while (true) {
				long busyFor = this.gates.ask(request.key(), waiter);
				if (busyFor <= 0) {
					LockGrant grant = ask(request, waiter);
					if (grant != null) {
						granted = true;
						return Optional.of(grant);
					}
					busyFor = ThreadLocalRandom.current().nextLong(pause / 2, pause);
					pause = Math.min(LONGEST_PAUSE, 2 * pause);
				}
				long rest = maxWait - (this.runtime.nanoTime() - firstAskedAt);
				if (rest <= 0) {
					return Optional.empty();
				}
				checkInterrupt();
				LockSupport.parkNanos(this, Math.min(rest, Math.min(busyFor, LOOK_AGAIN)));
			}
		}
		finally {
			if (!granted) {
				this.gates.leave(request.key(), waiter);
			}
		}
	}

	private @Nullable LockGrant ask(LockRequest request, KeyWaiter waiter) throws InterruptedException {
		checkInterrupt();
		HeldKey before = this.gates.held(request.key());
		if (before != null) {
			drop(before);
		}
		long askedAt = this.runtime.nanoTime();
		Hold hold = this.source.take(request.key(), request.ttl());
		if (hold == null) {
			return null;
		}
		HeldKey held = new HeldKey(request.key(), hold, askedAt + Nanos.of(request.ttl()));
		this.holds.put(request.owner(), held);
		this.gates.granted(held, waiter);
		return new LockGrant(request.key(), request.owner(), askedAt, 0);
	}

	private static void checkInterrupt() throws InterruptedException {
		// The flag stays set, or the loss of an outer lease could be taken for its
		// reason.
		if (Thread.currentThread().isInterrupted()) {
			throw new InterruptedException();
		}
	}

	@Override
	public Set<LockGrant> renew(List<LockRenewal> renewals) {
		Set<LockGrant> gone = new HashSet<>();
		for (LockRenewal renewal : renewals) {
			HeldKey held = this.holds.get(renewal.grant().owner());
			if (held == null || !renew(held, renewal.ttl())) {
				gone.add(renewal.grant());
			}
		}
		return gone;
	}

	private boolean renew(HeldKey held, Duration ttl) {
		long before = this.runtime.nanoTime();
		if (held.rest(before) <= 0 || !held.hold().renew(ttl)) {
			return false;
		}
		if (held.rest(this.runtime.nanoTime()) > 0) {
			held.moveTo(before + Nanos.of(ttl));
			return true;
		}
		// The answer came after the end: somebody may have been told that it is lost.
		return false;
	}

	@Override
	public void release(LockGrant grant, Duration keep) {
		HeldKey held = this.holds.remove(grant.owner());
		if (held == null) {
			return;
		}
		long now = this.runtime.nanoTime();
		if (held.rest(now) <= 0) {
			drop(held);
		}
		else if (keep.isZero()) {
			free(held);
		}
		else {
			held.moveTo(now + Nanos.of(keep));
			dropAfter(held, keep);
			held.hold().keep(keep);
		}
	}

	private void free(HeldKey held) {
		try {
			if (held.end()) {
				held.hold().free();
			}
		}
		finally {
			this.gates.freed(held);
		}
	}

	private void drop(HeldKey held) {
		if (held.end()) {
			held.hold().drop();
		}
		this.gates.freed(held);
	}

	private void dropAfter(HeldKey held, Duration time) {
		try {
			this.runtime.scheduler()
				.schedule(() -> this.runtime.executor().execute(() -> drop(held)),
						this.runtime.scheduler().getClock().instant().plus(time));
		}
		catch (RejectedExecutionException ex) {
			logger.debug(LogMessage.format("Lock '%s' ends by itself", held.key()), ex);
		}
	}

	/**
	 * Ends the threads that hold locks, if there are any.
	 */
	@Override
	public void close() {
		this.source.close();
	}

}
