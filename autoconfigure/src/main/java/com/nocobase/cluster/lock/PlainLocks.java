package com.nocobase.cluster.lock;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.CapabilityHealth;

/**
 * Locks of an adapter without fencing tokens.
 */
final class PlainLocks implements LockManager, Capability {

	private final Leases<HeldLease> leases;

	private final LeaseKeeper keeper;

	PlainLocks(Leases<HeldLease> leases, LeaseKeeper keeper) {
		this.leases = leases;
		this.keeper = keeper;
	}

	@Override
	public Lease acquire(String key, LockOptions options) {
		return this.leases.acquire(key, options);
	}

	@Override
	public Optional<Lease> tryAcquire(String key, LockOptions options) {
		return this.leases.tryAcquire(key, options).map(Lease.class::cast);
	}

	@Override
	public <T extends @Nullable Object, X extends Throwable> T runExclusive(String key, LockOptions options,
			LockedCall<T, X> body) throws X {
		return this.leases.run(key, options, (lease) -> body.call());
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
