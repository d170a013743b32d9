package com.nocobase.cluster.pubsub;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.message.Envelope;
import com.nocobase.cluster.message.MessageCodec;
import com.nocobase.cluster.message.MessageTypes;
import com.nocobase.cluster.message.PayloadException;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Debounce;
import com.nocobase.cluster.support.HangWatch;
import com.nocobase.cluster.support.Incident;
import com.nocobase.cluster.support.Mailbox;
import com.nocobase.cluster.support.Signals;

/**
 * One handler with its own window, backlog and troubles, so that it harms nobody else.
 *
 * @param <T> the type of the messages
 */
final class LocalSubscription<T> {

	private static final Log logger = LogFactory.getLog(LocalSubscription.class);

	private static final Object NEWS = new Object();

	private final String channel;

	private final Class<T> type;

	private final SubscribeOptions options;

	private final MessageHandler<? super T> handler;

	private final MessageCodec codec;

	/** Messages, and news for which there is nothing to tell but what is noted. */
	private final Mailbox<Object> mailbox;

	private final @Nullable Debounce<Envelope> window;

	private final AtomicBoolean missed = new AtomicBoolean();

	private final HangWatch watch;

	private final Incident dropped;

	private final Incident failed;

	private final Incident skipped;

	LocalSubscription(String channel, Class<T> type, SubscribeOptions options, MessageHandler<? super T> handler,
			MessageCodec codec, ClusterRuntime runtime, Signals signals, int backlog) {
		this.channel = channel;
		this.type = type;
		this.options = options;
		this.handler = handler;
		this.codec = codec;
		this.mailbox = new Mailbox<>(runtime, backlog, this::take);
		this.window = options.debounce().isZero() ? null
				: new Debounce<>(runtime, options.debounce(), backlog, this::closed);
		this.watch = new HangWatch(runtime);
		this.dropped = new Incident(logger, runtime, signals, "pubsub.dropped");
		this.failed = new Incident(logger, runtime, signals, "pubsub.failed");
		this.skipped = new Incident(logger, runtime, signals, "pubsub.skipped");
	}

	String channel() {
		return this.channel;
	}

	void open() {
		this.mailbox.open();
	}

	boolean pause(Duration limit) {
		if (this.window != null) {
			this.window.clear();
		}
		return this.mailbox.pause(limit);
	}

	void interrupt() {
		this.mailbox.interrupt();
	}

	void close() {
		if (this.window != null) {
			this.window.clear();
		}
		this.mailbox.close(Duration.ZERO);
	}

	void offer(Envelope envelope) {
		if (!MessageTypes.accepts(this.type, envelope.type())) {
			this.skipped.warn(this.channel, "Skipped %s on channel '%s': the subscription is for '%s'"
				.formatted(envelope, this.channel, MessageTypes.nameOf(this.type)), null);
		}
		else if (this.window == null) {
			enqueue(envelope);
		}
		else if (!this.window.offer(List.of(envelope.type(), ByteBuffer.wrap(envelope.payload())), envelope)) {
			drop();
		}
	}

	/**
	 * Tells the handler, before its next message, that some may be missing.
	 */
	void missed() {
		this.missed.set(true);
		this.mailbox.offer(NEWS);
	}

	boolean isHealthy() {
		return !this.dropped.isRecent() && !this.watch.hangs();
	}

	int backlog() {
		return this.mailbox.size() + ((this.window != null) ? this.window.size() : 0);
	}

	private void closed(List<Envelope> envelopes) {
		envelopes.forEach(this::enqueue);
	}

	private void enqueue(Envelope envelope) {
		if (!this.mailbox.offer(envelope)) {
			drop();
		}
	}

	private void drop() {
		this.missed.set(true);
		this.dropped.warn(this.channel,
				"The handler of channel '%s' is too slow, so messages are dropped; raise ".formatted(this.channel)
						+ "nocobase.cluster.pubsub.backlog or make it faster",
				null);
	}

	private void take(Object item) {
		tellMissed();
		if (item instanceof Envelope envelope) {
			handle(envelope);
		}
	}

	private void handle(Envelope envelope) {
		T message;
		try {
			message = this.codec.read(envelope, this.type);
		}
		catch (PayloadException ex) {
			this.skipped.warn(this.channel,
					"Skipped %s on channel '%s' that cannot be read".formatted(envelope, this.channel), ex);
			return;
		}
		call(() -> this.handler.handle(message), envelope);
	}

	private void tellMissed() {
		if (this.missed.get() && this.missed.getAndSet(false)) {
			call(this.options.onMissed()::run, "the news of missed messages");
		}
	}

	private void call(Call call, Object what) {
		this.watch.begin();
		try {
			call.run();
		}
		catch (Throwable ex) {
			this.failed.warn(this.channel,
					"The handler of channel '%s' failed with %s; going on".formatted(this.channel, what), ex);
		}
		finally {
			this.watch.end();
		}
	}

	@FunctionalInterface
	private interface Call {

		void run() throws Exception;

	}

}
