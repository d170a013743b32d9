package com.nocobase.cluster.lock;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.Names;
import com.nocobase.cluster.tx.Transactions;

/**
 * Asks for leases, and runs bodies under them.
 *
 * @param <L> what a grant of this adapter becomes
 */
final class Leases<L extends HeldLease> {

	private final LockProperties properties;

	private final Transactions transactions;

	private final LeaseKeeper keeper;

	private final LeaseFactory<L> factory;

	/**
	 * Owners are unique over restarts, and say in the store who it is; without control
	 * characters.
	 */
	private final String ownerPrefix;

	private final AtomicLong owners = new AtomicLong();

	Leases(LockProperties properties, Instance instance, Transactions transactions, LeaseKeeper keeper,
			LeaseFactory<L> factory) {
		this.properties = properties;
		this.transactions = transactions;
		this.keeper = keeper;
		this.factory = factory;
		this.ownerPrefix = Names.escape(instance.id()) + ":"
				+ new BigInteger(UUID.randomUUID().toString().replace("-", ""), 16).toString(36) + ":";
	}

	L acquire(String key, LockOptions options) {
		Duration wait = LeaseTerms.or(options.maxWait(), this.properties.maxWait());
		return ask(key, options, wait).orElseThrow(
				() -> new LockTimeoutException("Lock '%s' was not granted within %s".formatted(key, wait), null));
	}

	Optional<L> tryAcquire(String key, LockOptions options) {
		return ask(key, options, LeaseTerms.or(options.maxWait(), Duration.ZERO));
	}

	<T extends @Nullable Object, X extends Throwable> T run(String key, LockOptions options, Body<L, T, X> body)
			throws X {
		L lease = acquire(key, options);
		BodyThread thread = lease.enter();
		T result;
		try {
			result = body.call(lease);
		}
		catch (Throwable ex) {
			end(lease, thread, ex);
			throw ex;
		}
		end(lease, thread, null);
		return result;
	}

	private void end(L lease, BodyThread thread, @Nullable Throwable failure) {
		if (lease.end(thread)) {
			LeaseLostException lost = lease.lost();
			if (failure != null) {
				lost.addSuppressed(failure);
			}
			throw lost;
		}
	}

	private Optional<L> ask(String key, LockOptions options, Duration wait) {
		Names.checkKey("key", key);
		if (!this.transactions.isActive()) {
			return grant(key, options, wait, null);
		}
		BoundLeases<L> bound = this.transactions.join(this, BoundLeases::new);
		L joined = bound.find(key);
		if (joined != null) {
			joined.check();
			return Optional.of(joined);
		}
		return grant(key, options, wait, bound);
	}

	private Optional<L> grant(String key, LockOptions options, Duration wait, @Nullable BoundLeases<L> bound) {
		if (this.keeper.isStopped()) {
			throw new LockException("Lock '%s' cannot be had: the application has stopped".formatted(key), null);
		}
		LeaseTerms terms = LeaseTerms.of(options, this.properties);
		Optional<LockGrant> grant = ask(new LockRequest(key, this.ownerPrefix + this.owners.incrementAndGet(),
				Duration.ofNanos(terms.ttl()), wait));
		if (grant.isEmpty()) {
			return Optional.empty();
		}
		L lease = this.factory.create(grant.get(), terms, this.keeper);
		if (bound != null) {
			bound.add(lease);
		}
		this.keeper.watch(lease);
		lease.check();
		return Optional.of(lease);
	}

	private Optional<LockGrant> ask(LockRequest request) {
		try {
			return this.keeper.adapter().acquire(request);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LockException("Interrupted while waiting for lock '%s'".formatted(request.key()), ex);
		}
		catch (LockException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw new LockException("Lock '%s' cannot be had: the adapter '%s' failed".formatted(request.key(),
					this.keeper.adapterName()), ex);
		}
	}

	/**
	 * Makes a lease of a grant.
	 *
	 * @param <L> the type of the lease
	 */
	@FunctionalInterface
	interface LeaseFactory<L extends HeldLease> {

		L create(LockGrant grant, LeaseTerms terms, LeaseKeeper keeper);

	}

	/**
	 * Runs under a lease.
	 *
	 * @param <L> the type of the lease
	 * @param <T> the type of the result
	 * @param <X> what it may throw
	 */
	@FunctionalInterface
	interface Body<L, T extends @Nullable Object, X extends Throwable> {

		T call(L lease) throws X;

	}

}
