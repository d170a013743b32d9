package com.nocobase.cluster.queue.rabbit;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

import com.rabbitmq.client.Channel;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.rabbit.RabbitServer;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Opens and ends the consumers of one channel at the broker.
 */
final class ConsumerSessions {

	private static final Log logger = LogFactory.getLog(ConsumerSessions.class);

	private static final Duration CANCEL = Duration.ofSeconds(5);

	private final String channel;

	private final RabbitServer server;

	private final TaskQueues queues;

	private final ClusterRuntime runtime;

	ConsumerSessions(String channel, RabbitServer server, TaskQueues queues, ClusterRuntime runtime) {
		this.channel = channel;
		this.server = server;
		this.queues = queues;
		this.runtime = runtime;
	}

	/**
	 * Starts to consume.
	 * @param consumer gets what is delivered, perhaps before this method returns
	 * @param prefetch how many tasks it may have that are not settled
	 * @return the session, or {@code null} if that is not possible now
	 */
	@Nullable ConsumerSession open(RabbitConsumer consumer, int prefetch) {
		if (!this.server.isConnected()) {
			return null;
		}
		try {
			String queue = this.queues.due(this.channel);
			this.server.awaitLeader(queue);
			Channel opened = this.server.openChannel();
			ConsumerSession starting = new ConsumerSession(opened, consumer, prefetch);
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

	/**
	 * Ends the deliveries of a session, whose channel stays open.
	 * @param session the session
	 */
	void cancel(ConsumerSession session) {
		try {
			cancelWithin(session);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (Exception ex) {
			logger.debug(LogMessage.format("The consumer of '%s' ends with its connection", this.channel), ex);
		}
	}

	void close(ConsumerSession session) {
		this.server.closeChannel(session.getChannel());
	}

	/**
	 * Does something on another thread, or on this one if there is none.
	 * @param work what to do
	 */
	void later(Runnable work) {
		try {
			this.runtime.executor().execute(work);
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			work.run();
		}
	}

	private void cancelWithin(ConsumerSession session) throws Exception {
		try {
			this.runtime.callWithin(() -> {
				session.getChannel().basicCancel(session.getConsumerTag());
				return true;
			}, CANCEL);
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			session.getChannel().basicCancel(session.getConsumerTag());
		}
	}

}
