package com.nocobase.cluster.lock;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.CapabilityHealth;

/**
 * Locks of an adapter with fencing tokens.
 */
final class FencedLocks implements FencedLockManager, Capability {

	private final Leases<HeldFencedLease> leases;

	private final LeaseKeeper keeper;

	FencedLocks(Leases<HeldFencedLease> leases, LeaseKeeper keeper) {
		this.leases = leases;
		this.keeper = keeper;
	}

	@Override
	public FencedLease acquire(String key, LockOptions options) {
		return this.leases.acquire(key, options);
	}

	@Override
	public Optional<Lease> tryAcquire(String key, LockOptions options) {
		return this.leases.tryAcquire(key, options).map(Lease.class::cast);
	}

	@Override
	public Optional<FencedLease> tryAcquireFenced(String key, LockOptions options) {
		return this.leases.tryAcquire(key, options).map(FencedLease.class::cast);
	}

	@Override
	public <T extends @Nullable Object, X extends Throwable> T runExclusive(String key, LockOptions options,
			LockedCall<T, X> body) throws X {
		return this.leases.run(key, options, (lease) -> body.call());
	}

	@Override
	public <T extends @Nullable Object, X extends Throwable> T runFenced(String key, LockOptions options,
			FencedCall<T, X> body) throws X {
		return this.leases.run(key, options, body::call);
	}

	@Override
	public String name() {
		return "lock";
	}

	@Override
	public String adapter() {
		return this.keeper.adapterName();
	}

	@Override
	public CapabilityHealth health() {
		return this.keeper.health();
	}

}
