package com.nocobase.cluster.queue.rabbit;

import java.io.IOException;
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
import com.rabbitmq.client.Channel;
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
 * <li>Another concurrency takes another consumer, as that of a consumer cannot
 * change.</li>
 * <li>A consumer that was lost is replaced as long as tasks are requested.</li>
 * </ol>
 * Spring's listener containers are not used: they close the channel of a consumer as soon
 * as it is cancelled, and with it the ownership of the tasks that run.
 */
final class RabbitConsumer implements QueueConsumer {

	private static final Log logger = LogFactory.getLog(RabbitConsumer.class);

	private static final Duration AGAIN = Duration.ofMillis(500);

	private static final Duration CANCEL = Duration.ofSeconds(5);

	/** How long what is just being given back may take at the end. */
	private static final Duration SETTLE = Duration.ofSeconds(2);

	private final String channel;

	private final Consumer<Delivery> sink;

	private final RabbitServer server;

	private final TaskQueues queues;

	private final TaskSender sender;

	private final ClusterRuntime runtime;

	private final Alarm again;

	/** Sessions that take nothing more and still own tasks. */
	private final Set<ConsumerSession> retired = ConcurrentHashMap.newKeySet();

	/** Guards the fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Condition settled = this.lock.newCondition();

	private final Deque<RabbitDelivery> waiting = new ArrayDeque<>();

	private int concurrency;

	private int requested;

	private boolean wanted;

	private boolean starting;

	private boolean closed;

	private @Nullable ConsumerSession session;

	RabbitConsumer(String channel, int concurrency, Consumer<Delivery> sink, RabbitServer server, TaskQueues queues,
			TaskSender sender, ClusterRuntime runtime) {
		this.channel = channel;
		this.concurrency = concurrency;
		this.sink = sink;
		this.server = server;
		this.queues = queues;
		this.sender = sender;
		this.runtime = runtime;
		this.again = new Alarm(runtime, () -> startIfNeeded(false));
	}

	@Override
	public void request(int tasks) {
		locked(() -> {
			this.wanted = true;
			this.requested += tasks;
			return true;
		});
		handOver();
		startIfNeeded(true);
	}

	@Override
	public int withdraw(int tasks) {
		int withdrawn = locked(() -> {
			int taken = Math.min(tasks, this.requested);
			this.requested -= taken;
			this.wanted &= tasks == taken;
			return taken;
		});
		if (tasks > withdrawn) {
			stop();
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
			stop();
			startIfNeeded(true);
		}
	}

	@Override
	public void close() {
		locked(() -> this.closed = true);
		this.again.cancel();
		stop();
	}

	/**
	 * Lets the broker give back what is not settled.
	 */
	void abandon() {
		close();
		awaitNoneRetired();
		this.retired.forEach((each) -> this.server.closeChannel(each.getChannel()));
	}

	void delivered(ConsumerSession from, long tag, BasicProperties properties, byte[] body) {
		if (RabbitServer.isProbe(properties)) {
			from.acknowledge(tag);
			return;
		}
		RabbitDelivery delivery = new RabbitDelivery(from, tag, this.channel, TaskRecord.of(properties, body), body,
				this.sender);
		if (delivery.isEarly()) {
			later(() -> quietly(delivery, delivery::waitOn));
			return;
		}
		boolean wanted = locked(() -> !this.closed && !from.isRetired() && this.waiting.add(delivery));
		if (wanted) {
			handOver();
		}
		else {
			later(() -> giveBack(delivery));
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
		later(() -> this.server.closeChannel(ended.getChannel()));
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
		ConsumerSession started = open();
		boolean misfit = locked(() -> {
			this.starting = false;
			if (started == null || started.isRetired()) {
				this.again.within(AGAIN);
				return false;
			}
			this.session = started;
			return this.closed || !this.wanted || started.prefetch() != this.concurrency;
		});
		if (misfit) {
			stop();
			startIfNeeded(true);
		}
	}

	private @Nullable ConsumerSession open() {
		if (!this.server.isConnected()) {
			return null;
		}
		int prefetch = locked(() -> this.concurrency);
		try {
			String queue = this.queues.due(this.channel);
			this.server.awaitLeader(queue);
			Channel opened = this.server.openChannel();
			ConsumerSession starting = new ConsumerSession(opened, this, prefetch);
			try {
				starting.consume(queue);
				return starting;
			}
			catch (IOException | RuntimeException ex) {
				starting.retire();
				this.server.closeChannel(opened);
				throw ex;
			}
		}
		catch (IOException | RuntimeException ex) {
			logger.warn(LogMessage.format("Tasks of '%s' cannot be consumed yet", this.channel), ex);
			return null;
		}
	}

	private void stop() {
		List<RabbitDelivery> unwanted = new ArrayList<>();
		ConsumerSession stopped = this.<@Nullable ConsumerSession>locked(() -> {
			ConsumerSession current = this.session;
			if (current != null) {
				retire(current);
				this.session = null;
			}
			unwanted.addAll(this.waiting);
			this.waiting.clear();
			return current;
		});
		if (stopped != null) {
			cancel(stopped);
		}
		unwanted.forEach(this::giveBack);
	}

	private void retire(ConsumerSession unwanted) {
		unwanted.retire();
		this.retired.add(unwanted);
	}

	private void cancel(ConsumerSession unwanted) {
		try {
			cancelWithin(unwanted);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (Exception ex) {
			logger.debug(LogMessage.format("The consumer of '%s' ends with its connection", this.channel), ex);
		}
	}

	private void cancelWithin(ConsumerSession unwanted) throws Exception {
		try {
			this.runtime.callWithin(() -> {
				unwanted.getChannel().basicCancel(unwanted.getConsumerTag());
				return true;
			}, CANCEL);
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			unwanted.getChannel().basicCancel(unwanted.getConsumerTag());
		}
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

	private void later(Runnable work) {
		try {
			this.runtime.executor().execute(work);
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			work.run();
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
