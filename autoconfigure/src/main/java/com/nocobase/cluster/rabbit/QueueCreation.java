package com.nocobase.cluster.rabbit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Declares queues that are perhaps not there yet, in the whole cluster one instance at a
 * time for each queue. While a quorum queue is being created, RabbitMQ tells others that
 * it is there, but for some milliseconds it does not know its own arguments, and keeps a
 * message that comes then for ever, in front of all others (seen on 3.10).
 * <p>
 * The lock is an exclusive queue, which ends with the connection at the latest.
 */
final class QueueCreation {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final Duration PAUSE = Duration.ofMillis(20);

	private static final int LONGEST_PREFIX = 200;

	private final ConnectionFactory factory;

	private final RabbitCommands commands;

	private final ClusterRuntime runtime;

	/** The broker's lock is one of connections, this one is one of threads. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Condition pause = this.lock.newCondition();

	QueueCreation(ConnectionFactory factory, RabbitCommands commands, ClusterRuntime runtime) {
		this.factory = factory;
		this.commands = commands;
		this.runtime = runtime;
	}

	/**
	 * Declares a queue.
	 * @param declaration how it is
	 */
	void declare(AMQP.Queue.Declare declaration) {
		long end = this.runtime.nanoTime() + PATIENCE.toNanos();
		String name = nameOfLock(declaration.getQueue());
		this.lock.lock();
		try {
			while (!declaredAlone(name, declaration, end)) {
				this.pause.awaitNanos(PAUSE.toNanos());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RabbitServerException("Interrupted while declaring " + declaration.getQueue(), ex);
		}
		catch (IOException ex) {
			throw new RabbitServerException("Cannot declare " + declaration.getQueue(), ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean declaredAlone(String name, AMQP.Queue.Declare declaration, long end) throws IOException {
		Channel channel = RabbitChannel.Channels.create(this.factory);
		try {
			this.commands.call(channel,
					new AMQP.Queue.Declare.Builder().queue(name)
						.exclusive()
						.autoDelete()
						.arguments(Map.of("x-queue-type", "classic"))
						.build());
			try {
				this.commands.call(channel, declaration);
			}
			finally {
				channel.queueDeleteNoWait(name, false, false);
			}
			return true;
		}
		catch (RabbitServerException | ShutdownSignalException ex) {
			if (isLockedByAnother(ex) && this.runtime.nanoTime() - end < 0) {
				return false;
			}
			throw ex;
		}
		finally {
			RabbitChannel.Channels.close(channel, this.runtime);
		}
	}

	private static boolean isLockedByAnother(RuntimeException failure) {
		return failure.getCause() instanceof ShutdownSignalException signal
				&& signal.getReason() instanceof AMQP.Channel.Close close
				&& close.getReplyCode() == AMQP.RESOURCE_LOCKED;
	}

	private static String nameOfLock(String queue) {
		String prefix = (queue.length() > LONGEST_PREFIX) ? queue.substring(0, LONGEST_PREFIX) : queue;
		return prefix + ".lock-" + UUID.nameUUIDFromBytes(queue.getBytes(StandardCharsets.UTF_8));
	}

}
