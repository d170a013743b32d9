package com.nocobase.cluster.lock.registry;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.springframework.integration.support.locks.DistributedLock;
import org.springframework.integration.support.locks.LockRegistry;

import com.nocobase.cluster.lock.LockException;
import com.nocobase.cluster.message.Names;

/**
 * Takes locks of any registry. There a lock belongs to a thread, and with us it does not:
 * so a few threads hold the locks of all.
 */
final class LaneHolds implements HoldSource {

	private static final int MOST_LANES = 16;

	private final LockRegistry<?> registry;

	private final String app;

	private final Executor executor;

	/** Guards the growth of the lanes. */
	private final ReentrantLock growing = new ReentrantLock();

	private final List<Lane> lanes = new CopyOnWriteArrayList<>();

	LaneHolds(LockRegistry<?> registry, String app, Executor executor) {
		this.registry = registry;
		this.app = app;
		this.executor = executor;
	}

	@Override
	public @Nullable Hold take(String key, Duration ttl) throws InterruptedException {
		String scoped = Names.scoped(this.app, key);
		Lane lane = lane(key);
		FutureTask<@Nullable LaneHold> attempt = lane.submit(() -> takeOnLane(lane, scoped, ttl));
		try {
			return attempt.get(LaneHold.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			giveUp(lane, attempt);
			throw ex;
		}
		catch (TimeoutException ex) {
			giveUp(lane, attempt);
			throw new LockException("The registry does not answer for lock '%s'".formatted(key), ex);
		}
		catch (ExecutionException | CancellationException ex) {
			throw new LockException("The registry failed for lock '%s'".formatted(key),
					(ex.getCause() != null) ? ex.getCause() : ex);
		}
	}

	private @Nullable LaneHold takeOnLane(Lane lane, String key, Duration ttl) throws InterruptedException {
		Lock lock = this.registry.obtain(key);
		boolean taken = (lock instanceof DistributedLock distributed)
				? distributed.tryLock(Duration.ZERO, Millis.of(ttl)) : lock.tryLock();
		if (!taken) {
			return null;
		}
		LaneHold hold = new LaneHold(lane, this.registry, key, lock);
		lane.holds(hold);
		return hold;
	}

	private static void giveUp(Lane lane, FutureTask<@Nullable LaneHold> attempt) {
		// The lane comes to this when it is through with the attempt.
		lane.submit(() -> {
			LaneHold hold = attempt.get();
			if (hold != null) {
				hold.unlockQuietly();
			}
			return true;
		});
	}

	private Lane lane(String key) {
		for (Lane lane : this.lanes) {
			if (lane.isIdle()) {
				return lane;
			}
		}
		this.growing.lock();
		try {
			if (this.lanes.size() < MOST_LANES) {
				Lane lane = new Lane();
				this.executor.execute(lane);
				this.lanes.add(lane);
				return lane;
			}
		}
		catch (RejectedExecutionException ex) {
			throw new LockException("Lock '%s' cannot be had: there are no threads any more".formatted(key), ex);
		}
		finally {
			this.growing.unlock();
		}
		return this.lanes.get(ThreadLocalRandom.current().nextInt(MOST_LANES));
	}

	@Override
	public void close() {
		this.lanes.forEach(Lane::close);
	}

}
