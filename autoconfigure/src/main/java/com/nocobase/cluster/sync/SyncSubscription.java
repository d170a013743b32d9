package com.nocobase.cluster.sync;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Debounce;
import com.nocobase.cluster.support.HangWatch;
import com.nocobase.cluster.support.Incident;
import com.nocobase.cluster.support.Mailbox;
import com.nocobase.cluster.support.Signals;

/**
 * One handler with its own window and backlog.
 * <ol>
 * <li>Messages are handled one after the other; a handler that throws is called
 * again.</li>
 * <li>When one cannot be handled, or some were missed, what waits is dropped and a resync
 * takes its place, called again with growing pauses until it succeeds.</li>
 * <li>Everything received before a resync began counts as handled when it has
 * succeeded.</li>
 * </ol>
 */
final class SyncSubscription {

	private static final Log logger = LogFactory.getLog(SyncSubscription.class);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

	private final String channel;

	private final @Nullable Runnable resync;

	private final SyncHandler handler;

	private final int retries;

	private final Runnable progressed;

	private final Mailbox<Runnable> mailbox;

	private final @Nullable Debounce<ReceivedMessage> window;

	private final HangWatch watch;

	private final Incident failed;

	private final Incident overflowed;

	private final Incident missed;

	/** Counts reasons for a resync; in step when as many were answered. */
	private final AtomicLong outOfStep = new AtomicLong();

	private volatile long resynced;

	private volatile SyncPosition received = SyncPosition.START;

	private volatile SyncPosition handled = SyncPosition.START;

	private volatile CountDownLatch stopped = new CountDownLatch(1);

	private volatile boolean servedBefore;

	SyncSubscription(String channel, SyncOptions options, SyncHandler handler, SyncProperties properties,
			ClusterRuntime runtime, Signals signals, Runnable progressed) {
		this.channel = channel;
		this.resync = options.resync();
		this.handler = handler;
		this.retries = properties.retries();
		this.progressed = progressed;
		this.mailbox = new Mailbox<>(runtime, properties.backlog(), Runnable::run);
		Duration debounce = (options.debounce() != null) ? options.debounce() : properties.debounce();
		this.window = debounce.isZero() ? null
				: new Debounce<>(runtime, debounce, properties.backlog(), this::windowClosed);
		this.watch = new HangWatch(runtime);
		this.failed = new Incident(logger, runtime, signals, "sync.failed");
		this.overflowed = new Incident(logger, runtime, signals, "sync.overflowed");
		this.missed = new Incident(logger, runtime, signals, "sync.missed");
	}

	String channel() {
		return this.channel;
	}

	void prepare() {
		clear();
		this.mailbox.pause(Duration.ZERO);
		this.stopped = new CountDownLatch(1);
		this.received = SyncPosition.START;
		this.handled = SyncPosition.START;
		if (this.servedBefore) {
			missed("The application was stopped for a while");
		}
	}

	void open() {
		this.servedBefore = true;
		this.mailbox.open();
	}

	boolean pause(Duration limit) {
		this.stopped.countDown();
		clear();
		return this.mailbox.pause(limit);
	}

	void interrupt() {
		this.mailbox.interrupt();
	}

	void close() {
		this.stopped.countDown();
		clear();
		this.mailbox.close(Duration.ZERO);
	}

	private void clear() {
		if (this.window != null) {
			this.window.clear();
		}
	}

	void received(ReceivedMessage message) {
		this.received = message.position();
		boolean taken = (this.window != null) ? this.window.offer(message.content(), message)
				: this.mailbox.offer(() -> handle(message, true));
		if (!taken) {
			overflow();
		}
	}

	void missed(SyncPosition upTo, String reason) {
		this.received = upTo;
		// A server that lost its data may count from the beginning again.
		this.handled = SyncPosition.START;
		missed(reason);
	}

	void missed(String reason) {
		Runnable body = this.resync;
		if (body == null) {
			this.outOfStep.incrementAndGet();
			this.missed.error(this.channel, "%s, so messages of channel '%s' may have been missed and there is nothing "
				.formatted(reason, this.channel) + "to resync it with; restart this instance", null);
			return;
		}
		logger.info(LogMessage.format("%s; resyncing channel '%s'", reason, this.channel));
		this.outOfStep.incrementAndGet();
		clear();
		this.mailbox.replaceAll(() -> resync(body));
	}

	boolean hasHandled(SyncPosition upTo) {
		SyncPosition done = this.handled;
		return !isOutOfStep() && (done.isAtLeast(upTo) || done.isAtLeast(this.received));
	}

	boolean isOutOfStep() {
		return this.outOfStep.get() != this.resynced;
	}

	boolean isHealthy() {
		return !isOutOfStep() && !this.missed.isRecent() && !this.watch.hangs();
	}

	int backlog() {
		return this.mailbox.size() + ((this.window != null) ? this.window.size() : 0);
	}

	private void windowClosed(List<ReceivedMessage> messages) {
		int last = messages.size() - 1;
		for (int i = 0; i <= last; i++) {
			ReceivedMessage message = messages.get(i);
			// An earlier equal message counts as handled only with the whole window.
			boolean endsWindow = i == last;
			if (!this.mailbox.offer(() -> handle(message, endsWindow))) {
				overflow();
				return;
			}
		}
	}

	private void overflow() {
		this.overflowed.warn(this.channel, "The handler of channel '%s' is too slow".formatted(this.channel), null);
		missed("More messages wait than nocobase.cluster.sync.backlog allows");
	}

	private void handle(ReceivedMessage message, boolean endsWindow) {
		for (int attempt = 0; attempt <= this.retries; attempt++) {
			if (attempt > 0 && isStoppedWithin(pauseAfter(attempt, FIRST_PAUSE.multipliedBy(4)))) {
				return;
			}
			if (call(() -> this.handler.handle(message), message.envelope().toString())) {
				if (endsWindow) {
					handledUpTo(message.position());
				}
				return;
			}
		}
		missed("A message could not be handled");
	}

	private void resync(Runnable body) {
		int attempt = 0;
		do {
			attempt++;
			long answered = this.outOfStep.get();
			SyncPosition covered = this.received;
			if (call(body::run, "its resync")) {
				this.resynced = answered;
				handledUpTo(covered);
				return;
			}
		}
		while (!isStoppedWithin(pauseAfter(attempt, LONGEST_PAUSE)));
	}

	private void handledUpTo(SyncPosition position) {
		if (position.isAtLeast(this.handled)) {
			this.handled = position;
		}
		this.progressed.run();
	}

	private boolean call(Call call, String what) {
		this.watch.begin();
		try {
			call.run();
			return true;
		}
		catch (Throwable ex) {
			this.failed.warn(this.channel, "The handler of channel '%s' failed with %s".formatted(this.channel, what),
					ex);
			return false;
		}
		finally {
			this.watch.end();
		}
	}

	private static Duration pauseAfter(int attempt, Duration longest) {
		Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempt - 1, 16));
		return (pause.compareTo(longest) < 0) ? pause : longest;
	}

	private boolean isStoppedWithin(Duration pause) {
		try {
			return this.stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			// Who stops says so before it interrupts; any other interrupt is the
			// handler's own.
			return this.stopped.getCount() == 0;
		}
	}

	@FunctionalInterface
	private interface Call {

		void run() throws Exception;

	}

}
