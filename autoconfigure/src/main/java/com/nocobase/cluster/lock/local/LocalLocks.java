package com.nocobase.cluster.lock.local;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import com.nocobase.cluster.lock.FencedLockAdapter;
import com.nocobase.cluster.lock.LockException;
import com.nocobase.cluster.lock.LockGrant;
import com.nocobase.cluster.lock.LockRenewal;
import com.nocobase.cluster.lock.LockRenewalResult;
import com.nocobase.cluster.lock.LockRequest;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * One instance's way to the table. A waiter sleeps until it is woken, the holder's time
 * is over, or its own is.
 */
final class LocalLocks implements FencedLockAdapter {

	private final LocalLockTable table;

	private final LocalSession session;

	private final ClusterRuntime runtime;

	private final Instance instance;

	LocalLocks(LocalLockTable table, Instance instance, ClusterRuntime runtime) {
		this.table = table;
		this.session = table.session(instance);
		this.runtime = runtime;
		this.instance = instance;
	}

	@Override
	public Optional<LockGrant> acquire(LockRequest request) throws InterruptedException {
		long ttl = nanos(request.ttl());
		long maxWait = nanos(request.maxWait());
		long firstAskedAt = this.runtime.nanoTime();
		long askedAt = firstAskedAt;
		LocalWaiter waiter = new LocalWaiter(this.session, request.owner(), !request.maxWait().isZero());
		LocalKey key = key(request.key());
		try {
			while (true) {
				checkAlive();
				this.table.ask(key, waiter, ttl);
				if (waiter.token() != 0) {
					return Optional.of(new LockGrant(request.key(), request.owner(), askedAt, waiter.token()));
				}
				long rest = maxWait - (this.runtime.nanoTime() - firstAskedAt);
				if (rest <= 0) {
					return Optional.empty();
				}
				if (Thread.interrupted()) {
					throw new InterruptedException();
				}
				LockSupport.parkNanos(this, Math.min(rest, waiter.busyFor()));
				askedAt = this.runtime.nanoTime();
			}
		}
		finally {
			if (waiter.token() == 0 && waiter.isPatient()) {
				this.table.leave(key, waiter);
			}
		}
	}

	private void checkAlive() {
		if (this.session.isCrashed()) {
			throw new LockException("Instance '%s' has crashed".formatted(this.instance.id()), null);
		}
	}

	@Override
	public LockRenewalResult renew(List<LockRenewal> renewals) {
		return LockRenewalResult.known(renewals.stream()
			.filter((renewal) -> !this.table.renew(key(renewal.grant().key()), renewal.grant().owner(),
					nanos(renewal.ttl())))
			.map(LockRenewal::grant)
			.collect(Collectors.toSet()));
	}

	@Override
	public void release(LockGrant grant, Duration keep) {
		this.table.release(key(grant.key()), grant.owner(), nanos(keep));
	}

	private LocalKey key(String key) {
		return new LocalKey(this.instance.app(), key);
	}

	private static long nanos(Duration duration) {
		// About 70 years at most; monotonic times stay comparable by subtraction.
		return Math.min(Long.MAX_VALUE / 4, TimeUnit.NANOSECONDS.convert(duration));
	}

}
