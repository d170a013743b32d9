package com.nocobase.cluster.queue.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import com.nocobase.cluster.queue.Delivery;
import com.nocobase.cluster.queue.QueueException;
import com.nocobase.cluster.redis.RedisServerException;

/**
 * A task in the hands of this session.
 */
final class RedisDelivery implements Delivery {

	/** How often progress is told at most. */
	private static final long PROGRESS = Duration.ofMillis(100).toNanos();

	private final RedisChannel channel;

	private final String id;

	private final String token;

	private final StoredTask task;

	private final long takenAt;

	private final AtomicBoolean settled = new AtomicBoolean();

	/** There may be progress at the server. */
	private volatile boolean told;

	private volatile Progress progress = new Progress(0, 0, Long.MIN_VALUE);

	RedisDelivery(RedisChannel channel, String id, String token, StoredTask task, long takenAt) {
		this.channel = channel;
		this.id = id;
		this.token = token;
		this.task = task;
		this.takenAt = takenAt;
	}

	@Override
	public String id() {
		return this.id;
	}

	/**
	 * Returns since when it is here.
	 * @return the monotonic time
	 */
	long takenAt() {
		return this.takenAt;
	}

	@Override
	public byte[] frame() {
		return this.task.frame();
	}

	@Override
	public int failures() {
		return this.task.failures();
	}

	@Override
	public int deaths() {
		return this.task.deaths();
	}

	@Override
	public void progress(long done, long total) {
		Progress last = this.progress;
		long now = this.channel.runtime().nanoTime();
		boolean told = last.toldAt == Long.MIN_VALUE || now - last.toldAt >= PROGRESS;
		this.progress = new Progress(done, total, told ? now : last.toldAt);
		this.told = true;
		if (!told || this.settled.get()) {
			return;
		}
		try {
			this.channel.progress(this.id, this.token, done + ";" + total);
		}
		catch (RedisServerException ex) {
			// It is told again with the next step.
			this.progress = new Progress(done, total, Long.MIN_VALUE);
		}
	}

	@Override
	public CompletionStage<Boolean> complete() {
		return settle(over(true));
	}

	@Override
	public CompletionStage<Boolean> cancel() {
		return settle(over(false));
	}

	@Override
	public CompletionStage<Boolean> retry(Duration delay, String error) {
		return settle(Settling.retry(this.id, this.token, delay, error));
	}

	@Override
	public CompletionStage<Boolean> deadLetter(int attempts, String error) {
		return settle(Settling.dead(this.id, this.token, attempts, error));
	}

	@Override
	public CompletionStage<Boolean> giveBack(Duration delay) {
		return settle(Settling.back(this.id, this.token, delay));
	}

	private Settling over(boolean done) {
		Progress last = this.progress;
		String record = (this.task.failures() + 1) + ";" + last.done + ";" + last.total + ";" + this.task.published()
				+ ";" + this.task.error();
		return Settling.over(this.id, this.token, done, record, this.told);
	}

	private CompletableFuture<Boolean> settle(Settling settling) {
		if (!this.settled.compareAndSet(false, true)) {
			return CompletableFuture.completedFuture(false);
		}
		// When nothing was heard for so long, others have it.
		return this.channel.settle(settling)
			.copy()
			.orTimeout(this.channel.ownership().toMillis(), TimeUnit.MILLISECONDS)
			.exceptionally((ex) -> {
				if (ex instanceof TimeoutException) {
					return false;
				}
				throw new QueueException("Redis was not told what became of task " + this.id, ex);
			});
	}

	/**
	 * How far it is.
	 *
	 * @param done how much is done
	 * @param total how much there is
	 * @param toldAt when the server was told last
	 */
	private record Progress(long done, long total, long toldAt) {

	}

}
