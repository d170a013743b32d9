package com.nocobase.cluster.queue.rabbit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

import com.rabbitmq.client.AMQP.BasicProperties;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.queue.Delivery;
import com.nocobase.cluster.queue.QueueConsumer;
import com.nocobase.cluster.queue.QueueException;
import com.nocobase.cluster.rabbit.RabbitServer;
import com.nocobase.cluster.support.Alarm;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Takes tasks of one channel.
 * <ol>
 * <li>While tasks are requested there is a consumer at the broker, which may have as many
 * tasks unsettled as run at once. What is delivered and not requested waits here.</li>
 * <li>When all requests are withdrawn, the consumer is cancelled, and what waits goes
 * back. Nothing passes to and from the broker after that.</li>
 * <li>Another concurrency takes another consumer, as that of a consumer cannot change. So
 * does {@link Haste}.</li>
 * <li>A consumer that was lost is replaced as long as tasks are requested.</li>
 * </ol>
 * Spring's listener containers are not used: they close the channel of a consumer as soon
 * as it is cancelled, and with it the ownership of the tasks that run.
 */
final class RabbitConsumer implements QueueConsumer {

	private static final Log logger = LogFactory.getLog(RabbitConsumer.class);

	private static final Duration AGAIN = Duration.ofMillis(500);

	/** How long what is just being given back may take at the end. */
	private static final Duration SETTLE = Duration.ofSeconds(2);

	private final String channel;

	private final Consumer<Delivery> sink;

	private final ConsumerSessions sessions;

	private final TaskSender sender;

	private final ClusterRuntime runtime;

	private final Alarm again;

	private final Alarm impatience;

	/** Sessions that take nothing more and still own tasks. */
	private final Set<ConsumerSession> retired = ConcurrentHashMap.newKeySet();

	/** Guards the fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Condition settled = this.lock.newCondition();

	private final Deque<RabbitDelivery> waiting = new ArrayDeque<>();

	private final Haste haste;

	private volatile int concurrency;

	private int requested;

	private boolean wanted;

	private boolean starting;

	private boolean closed;

	private @Nullable ConsumerSession session;

	RabbitConsumer(String channel, int concurrency, Consumer<Delivery> sink, ConsumerSessions sessions,
			TaskSender sender, ClusterRuntime runtime) {
		this.channel = channel;
		this.concurrency = concurrency;
		this.sink = sink;
		this.sessions = sessions;
		this.sender = sender;
		this.runtime = runtime;
		this.again = new Alarm(runtime, () -> startIfNeeded(false));
		this.impatience = new Alarm(runtime, this::lookAtWaiting);
		this.haste = new Haste(runtime.nanoTime());
	}

	@Override
	public void request(int tasks) {
		boolean quicker = locked(() -> {
			this.wanted = true;
			this.requested += tasks;
			return this.haste.freed(this.runtime.nanoTime()) && this.session != null;
		});
		handOver();
		if (quicker) {
			this.sessions.later(this::restart);
		}
		else {
			startIfNeeded(true);
		}
	}

	@Override
	public int withdraw(int tasks) {
		int withdrawn = locked(() -> {
			int taken = Math.min(tasks, this.requested);
			this.requested -= taken;
			if (tasks > taken) {
				this.wanted = false;
				this.haste.waited(this.runtime.nanoTime());
			}
			return taken;
		});
		if (tasks > withdrawn) {
			stop(true);
		}
		return withdrawn;
	}

	@Override
	public void concurrency(int tasks) {
		boolean changed = locked(() -> {
			boolean other = this.concurrency != tasks;
			this.concurrency = tasks;
			return other && this.session != null;
		});
		if (changed) {
			stop(true);
			startIfNeeded(true);
		}
	}

	@Override
	public void close() {
		locked(() -> this.closed = true);
		this.again.cancel();
		this.impatience.cancel();
		stop(true);
	}

	/**
	 * Lets the broker give back what is not settled.
	 */
	void abandon() {
		close();
		awaitNoneRetired();
		this.retired.forEach(this.sessions::close);
	}

	void delivered(ConsumerSession from, long tag, BasicProperties properties, byte[] body) {
		if (RabbitServer.isProbe(properties)) {
			from.acknowledge(tag);
			return;
		}
		RabbitDelivery delivery = new RabbitDelivery(from, tag, this.channel, TaskRecord.of(properties, body), body,
				this.sender, this.runtime.nanoTime());
		if (delivery.isEarly()) {
			this.sessions.later(() -> quietly(delivery, delivery::waitOn));
			return;
		}
		boolean taken = locked(() -> !this.closed && !from.isRetired() && this.waiting.add(delivery));
		if (taken) {
			handOver();
			if (from.prefetch() > this.concurrency) {
				this.impatience.within(Haste.PATIENCE);
			}
		}
		else {
			this.sessions.later(() -> giveBack(delivery));
		}
	}

	void lost(ConsumerSession lost) {
		locked(() -> {
			this.waiting.removeIf((each) -> each.session() == lost);
			if (this.session == lost) {
				this.session = null;
			}
			return true;
		});
		this.again.within(AGAIN);
	}

	void ended(ConsumerSession ended) {
		this.retired.remove(ended);
		locked(() -> {
			this.settled.signalAll();
			return true;
		});
		this.sessions.later(() -> this.sessions.close(ended));
	}

	private void handOver() {
		RabbitDelivery next = next();
		while (next != null) {
			this.sink.accept(next);
			next = next();
		}
	}

	private void awaitNoneRetired() {
		this.lock.lock();
		try {
			long nanos = SETTLE.toNanos();
			while (!this.retired.isEmpty() && nanos > 0) {
				nanos = this.settled.awaitNanos(nanos);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable RabbitDelivery next() {
		this.lock.lock();
		try {
			if (this.requested == 0 || this.waiting.isEmpty()) {
				return null;
			}
			this.requested--;
			return this.waiting.pollFirst();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void startIfNeeded(boolean mayBlock) {
		boolean needed = locked(() -> {
			boolean missing = !this.closed && !this.starting && this.session == null && this.wanted
					&& this.requested > 0;
			this.starting |= missing;
			return missing;
		});
		if (!needed) {
			return;
		}
		try {
			this.runtime.executor().execute(this::start);
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			logger.debug(LogMessage.format("No thread to consume '%s'", this.channel), ex);
			if (mayBlock) {
				start();
			}
			else {
				locked(() -> this.starting = false);
				this.again.within(AGAIN);
			}
		}
	}

	private void start() {
		ConsumerSession started = this.sessions.open(this, locked(this::prefetch));
		boolean misfit = locked(() -> {
			this.starting = false;
			if (started == null || started.isRetired()) {
				this.again.within(AGAIN);
				return false;
			}
			this.session = started;
			return this.closed || !this.wanted || started.prefetch() != prefetch();
		});
		if (misfit) {
			stop(true);
			startIfNeeded(true);
		}
	}

	private void restart() {
		stop(false);
		startIfNeeded(true);
	}

	private void lookAtWaiting() {
		try {
			this.runtime.executor().execute(this::calmDown);
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			this.impatience.within(AGAIN);
		}
	}

	private void calmDown() {
		long now = this.runtime.nanoTime();
		boolean slower = locked(() -> {
			RabbitDelivery first = this.waiting.peekFirst();
			if (first == null) {
				return false;
			}
			this.impatience.within(Haste.PATIENCE);
			return now - first.arrived() > Haste.PATIENCE.toNanos() && this.haste.waited(now);
		});
		if (slower) {
			stop(true);
			startIfNeeded(true);
		}
	}

	/**
	 * Ends the consumer at the broker.
	 * @param giveBack whether what waits goes back, or is done here
	 */
	private void stop(boolean giveBack) {
		List<RabbitDelivery> unwanted = new ArrayList<>();
		ConsumerSession stopped = this.<@Nullable ConsumerSession>locked(() -> {
			ConsumerSession current = this.session;
			if (current != null) {
				retire(current);
				this.session = null;
			}
			if (giveBack) {
				unwanted.addAll(this.waiting);
				this.waiting.clear();
			}
			return current;
		});
		if (stopped != null) {
			this.sessions.cancel(stopped);
		}
		unwanted.forEach(this::giveBack);
	}

	private int prefetch() {
		return this.concurrency + this.haste.extra();
	}

	private void retire(ConsumerSession unwanted) {
		unwanted.retire();
		this.retired.add(unwanted);
	}

	private void giveBack(RabbitDelivery delivery) {
		quietly(delivery, () -> delivery.giveBack(Duration.ZERO));
	}

	private void quietly(RabbitDelivery delivery, Runnable settling) {
		try {
			settling.run();
		}
		catch (QueueException ex) {
			logger.debug(LogMessage.format("The broker gives %s back by itself", delivery), ex);
		}
	}

	private <R extends @Nullable Object> R locked(Supplier<R> body) {
		this.lock.lock();
		try {
			return body.get();
		}
		finally {
			this.lock.unlock();
		}
	}

}
