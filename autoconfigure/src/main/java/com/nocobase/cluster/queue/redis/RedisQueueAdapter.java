package com.nocobase.cluster.queue.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.queue.DeadLetters;
import com.nocobase.cluster.queue.Delivery;
import com.nocobase.cluster.queue.QueueAdapter;
import com.nocobase.cluster.queue.QueueConsumer;
import com.nocobase.cluster.queue.QueueException;
import com.nocobase.cluster.queue.QueueHost;
import com.nocobase.cluster.queue.TaskMessage;
import com.nocobase.cluster.redis.RedisLinkListener;
import com.nocobase.cluster.redis.RedisServerException;

/**
 * Keeps tasks in Redis: a line of ids for each channel, and the tasks beside it. All
 * steps of a task are scripts, so that it is never in two places or in none.
 * <p>
 * Who takes a task becomes its owner under a token of that one call; the session renews
 * its ownership of each channel as long as it lives, and whoever sweeps a channel first
 * suspects a session that did not and then takes its tasks back.
 */
final class RedisQueueAdapter implements QueueAdapter, RedisLinkListener {

	private final RedisQueueServer queue;

	private final TaskCancellations cancellations;

	private volatile @Nullable QueueChannels channels;

	RedisQueueAdapter(RedisQueueServer queue) {
		this.queue = queue;
		this.cancellations = new TaskCancellations(queue.server());
		queue.server().onSignal('q', this::signalled);
		queue.server().listen(this);
	}

	@Override
	public void connect(QueueHost host) {
		this.channels = new QueueChannels(new QueueSession(host, this.queue), this.queue);
	}

	@Override
	public void disconnect() {
		QueueChannels leaving = this.channels;
		if (leaving != null) {
			this.channels = null;
			leaving.close();
		}
	}

	@Override
	public boolean isConnected() {
		return this.channels != null && !this.queue.server().isLost();
	}

	@Override
	public CompletionStage<Void> publish(TaskMessage task) {
		CompletableFuture<Boolean> asked = channels().channel(task.channel()).publish(task);
		CompletableFuture<Void> published = asked.thenAccept((answer) -> {
		});
		// Who gives up cancels what was returned to him.
		published.whenComplete((done, ex) -> {
			if (ex != null) {
				asked.cancel(false);
			}
		});
		return published;
	}

	@Override
	public QueueConsumer consume(String channel, int concurrency, Consumer<Delivery> sink) {
		return channels().consume(channel, sink);
	}

	@Override
	public boolean cancel(String id, Duration timeout) {
		QueueChannels current = channels();
		return told(() -> this.cancellations.cancel(id, current.session(), current.known(), timeout));
	}

	@Override
	public DeadLetters deadLetters(String channel) {
		RedisChannel letters = channels().channel(channel);
		return new DeadLetters() {

			@Override
			public int retry(int atMost) {
				return told(() -> letters.changes().dead(true, atMost, ""));
			}

			@Override
			public int discard(int atMost) {
				return told(() -> letters.changes().dead(false, atMost, ""));
			}

		};
	}

	@Override
	public void lost() {
		// What is under way is sent again when the connection is back.
	}

	@Override
	public void restored() {
		QueueChannels current = this.channels;
		if (current != null) {
			current.lookAgain();
		}
	}

	QueueChannels channels() {
		QueueChannels current = this.channels;
		if (current == null) {
			throw new QueueException("The queue on Redis is not connected", null);
		}
		return current;
	}

	static <T> T told(Supplier<T> call) {
		try {
			return call.get();
		}
		catch (RedisServerException ex) {
			throw new QueueException("The queue on Redis does not answer", ex);
		}
	}

	private void signalled(byte[] signal) {
		QueueChannels current = this.channels;
		if (current == null || signal.length < 2) {
			return;
		}
		char kind = (char) signal[1];
		if (kind == 'c' || kind == 'r') {
			this.cancellations.signalled(kind, new SignalReader(signal, 2), current.session());
		}
		else {
			current.signalled(kind, new SignalReader(signal, 2));
		}
	}

}
