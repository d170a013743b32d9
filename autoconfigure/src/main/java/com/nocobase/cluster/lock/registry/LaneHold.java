package com.nocobase.cluster.lock.registry;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.log.LogMessage;
import org.springframework.integration.support.locks.DistributedLock;
import org.springframework.integration.support.locks.LockRegistry;
import org.springframework.integration.support.locks.RenewableLockRegistry;

import com.nocobase.cluster.lock.LockException;

/**
 * A lock that a lane holds. All that is done to it happens on the lane, one after the
 * other, so that nothing which comes late can touch the next holder's lock.
 */
final class LaneHold implements Hold {

	/** How long a registry may take to answer. */
	static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final Log logger = LogFactory.getLog(LaneHold.class);

	private final Lane lane;

	private final LockRegistry<?> registry;

	private final String key;

	private final Lock lock;

	LaneHold(Lane lane, LockRegistry<?> registry, String key, Lock lock) {
		this.lane = lane;
		this.registry = registry;
		this.key = key;
		this.lock = lock;
	}

	@Override
	public boolean renew(Duration ttl) {
		return isDone(() -> this.lane.isHeld(this) && renewOnLane(ttl), PATIENCE);
	}

	private boolean renewOnLane(Duration ttl) {
		if (this.registry instanceof RenewableLockRegistry<?> renewable) {
			return RegistryCall.isDone(this.key, () -> renewable.renewLock(this.key, Millis.of(ttl)));
		}
		if (this.lock instanceof DistributedLock) {
			throw new LockException(
					"Lock '%s' cannot be renewed: %s has no renewal".formatted(this.key, this.registry.getClass()),
					null);
		}
		// It does not end by itself, but when we give it back.
		return true;
	}

	@Override
	public void free() {
		isDone(this::unlock, PATIENCE);
	}

	private boolean unlock() {
		return this.lane.forget(this) && RegistryCall.isDone(this.key, this.lock::unlock);
	}

	/** Gives it back, on the lane, if that has not happened yet. */
	void unlockQuietly() {
		try {
			unlock();
		}
		catch (LockException ex) {
			logger.debug(LogMessage.format("Lock '%s' could not be given back", this.key), ex);
		}
	}

	@Override
	public void keep(Duration ttl) {
		renew(ttl);
	}

	@Override
	public void drop() {
		try {
			isDone(this::unlock, BRIEFLY);
		}
		catch (LockException ex) {
			logger.debug(LogMessage.format("Lock '%s' ends by itself", this.key), ex);
		}
	}

	private boolean isDone(Callable<Boolean> task, Duration patience) {
		Future<Boolean> future = this.lane.submit(task);
		boolean interrupted = Thread.interrupted();
		try {
			return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			interrupted = true;
			throw new LockException("Interrupted while the registry was asked about lock '%s'".formatted(this.key), ex);
		}
		catch (TimeoutException ex) {
			throw new LockException("The registry of lock '%s' does not answer".formatted(this.key), ex);
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof LockException cause) ? cause
					: new LockException("The registry of lock '%s' failed".formatted(this.key), ex.getCause());
		}
		catch (CancellationException ex) {
			logger.debug(LogMessage.format("Lock '%s' was given back at the end", this.key), ex);
			return false;
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

}
