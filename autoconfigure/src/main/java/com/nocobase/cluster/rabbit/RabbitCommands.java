package com.nocobase.cluster.rabbit;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Command;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;
import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.support.Uninterrupted;

/**
 * Sends commands on one channel and waits for their answers, but not for ever, as the
 * client's own methods may.
 */
final class RabbitCommands implements ChannelUser {

	private final Duration timeout;

	private final Runnable forget;

	private volatile @Nullable Channel channel;

	/**
	 * Creates commands without a channel.
	 * @param timeout how long an answer is waited for
	 * @param forget called when the broker may have lost what it was told
	 */
	RabbitCommands(Duration timeout, Runnable forget) {
		this.timeout = timeout;
		this.forget = forget;
	}

	@Override
	public void opened(Channel opened) {
		this.channel = opened;
	}

	@Override
	public void lost() {
		this.channel = null;
		this.forget.run();
	}

	Command call(Method method) {
		return call(channel(), method);
	}

	Channel channel() {
		Channel current = this.channel;
		if (current == null) {
			throw new RabbitServerException("There is no connection to RabbitMQ", null);
		}
		return current;
	}

	Command call(Channel on, Method method) {
		try {
			return Uninterrupted.get(on.asyncCompletableRpc(method), this.timeout.toNanos());
		}
		catch (IOException | ShutdownSignalException ex) {
			throw new RabbitServerException("The connection to RabbitMQ is lost", ex);
		}
		catch (ExecutionException ex) {
			throw new RabbitServerException("RabbitMQ refused %s".formatted(method), ex.getCause());
		}
		catch (TimeoutException ex) {
			throw new RabbitServerException(
					"RabbitMQ did not answer %s within %s".formatted(method.protocolMethodName(), this.timeout), ex);
		}
	}

}
