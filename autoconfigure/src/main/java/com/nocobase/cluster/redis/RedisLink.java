package com.nocobase.cluster.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.support.Alarm;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Mailbox;
import com.nocobase.cluster.support.Nanos;

/**
 * Whether the one subscription of a server is heard.
 * <ol>
 * <li>Each heartbeat publishes a sign on the instance's own channel; hearing it proves
 * that the subscription lives.</li>
 * <li>It is lost when no sign has been heard for too long, or when the server confirms it
 * once more: then the connection was another one before.</li>
 * <li>It is restored by the next sign, which is sent at once after such a
 * confirmation.</li>
 * <li>If it stays lost although heartbeats succeed, it takes another connection.</li>
 * </ol>
 */
final class RedisLink {

	private static final Log logger = LogFactory.getLog(RedisLink.class);

	/** First byte of a sign. */
	static final byte SIGN = 'p';

	private static final int EVENTS = 10_000;

	private final String name;

	private final ClusterRuntime runtime;

	private final long maxSilence;

	private final Runnable sign;

	private final Runnable restart;

	private final List<RedisLinkListener> listeners = new CopyOnWriteArrayList<>();

	private final Mailbox<Runnable> events;

	private final Alarm alarm;

	/** Guards what follows, so that events are told in the order in which they come. */
	private final ReentrantLock lock = new ReentrantLock();

	private volatile boolean started;

	private boolean confirmed;

	private volatile boolean lost;

	private volatile long heardAt;

	/** Changed under the lock. */
	private volatile long losses;

	/** Since when heartbeats succeed in vain, while the subscription is lost. */
	private long inVainFrom;

	private boolean inVain;

	/**
	 * Creates a link that is not watched yet.
	 * @param name the server, for the log
	 * @param runtime clock and threads
	 * @param maxSilence how long it may be silent
	 * @param sign sends a sign, on a thread of the executor
	 * @param restart takes another connection, on a thread of the executor
	 */
	RedisLink(String name, ClusterRuntime runtime, Duration maxSilence, Runnable sign, Runnable restart) {
		this.name = name;
		this.runtime = runtime;
		this.maxSilence = Nanos.of(maxSilence);
		this.sign = sign;
		this.restart = restart;
		this.events = new Mailbox<>(runtime, EVENTS, Runnable::run);
		this.alarm = new Alarm(runtime, this::look);
		this.events.open();
	}

	void start() {
		this.lock.lock();
		try {
			this.started = true;
			this.lost = false;
			this.inVain = false;
			this.heardAt = this.runtime.nanoTime();
			this.alarm.by(this.heardAt + this.maxSilence);
		}
		finally {
			this.lock.unlock();
		}
	}

	void stop() {
		this.lock.lock();
		try {
			this.started = false;
			this.confirmed = false;
			this.alarm.cancel();
		}
		finally {
			this.lock.unlock();
		}
	}

	Subscription listen(RedisLinkListener listener) {
		this.listeners.add(listener);
		return () -> this.listeners.remove(listener);
	}

	/**
	 * Returns whether it is lost, also where the process was paused and nobody was told
	 * yet.
	 * @return whether it is
	 */
	boolean isLost() {
		return isLost(this.runtime.nanoTime());
	}

	boolean isLost(long now) {
		return this.lost || (this.started && now - this.heardAt >= this.maxSilence);
	}

	/**
	 * Returns how often it was lost.
	 * @return a number that has risen already when a sign is heard again
	 */
	long losses() {
		return this.losses;
	}

	/** The server has confirmed the subscription of the instance's channel. */
	void confirmed() {
		this.lock.lock();
		try {
			if (this.started && this.confirmed) {
				lose("its connection broke");
				this.runtime.executor().execute(this.sign);
			}
			this.confirmed = true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns a sign.
	 * @param now the monotonic time, which it carries
	 * @return what is published
	 */
	static byte[] sign(long now) {
		return RedisNames.bytes((char) SIGN + Long.toString(now));
	}

	/**
	 * A sign was heard. What counts is when it was sent: after a pause of the process one
	 * from before may come first, with news behind it that are not heard yet.
	 * @param signal the sign
	 */
	void heard(byte[] signal) {
		long sentAt;
		try {
			sentAt = Long.parseLong(RedisNames.text(signal).substring(1));
		}
		catch (NumberFormatException ex) {
			logger.debug("Not a sign of ours", ex);
			return;
		}
		this.lock.lock();
		try {
			if (!this.started || this.runtime.nanoTime() - sentAt >= this.maxSilence) {
				return;
			}
			this.heardAt = (sentAt - this.heardAt > 0) ? sentAt : this.heardAt;
			this.inVain = false;
			this.alarm.by(this.heardAt + this.maxSilence);
			if (this.lost) {
				this.lost = false;
				logger.info(LogMessage.format("The subscription of Redis ('%s') is heard again", this.name));
				tell(RedisLinkListener::restored);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** A heartbeat, and a sign with it, was sent. */
	void sent() {
		this.lock.lock();
		try {
			if (this.lost && !this.inVain) {
				this.inVain = true;
				this.inVainFrom = this.runtime.nanoTime();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void look() {
		boolean again = false;
		this.lock.lock();
		try {
			if (!this.started) {
				return;
			}
			long now = this.runtime.nanoTime();
			if (!this.lost && now - this.heardAt >= this.maxSilence) {
				lose("it is silent");
			}
			again = this.lost && this.inVain && now - this.inVainFrom >= this.maxSilence;
			if (again) {
				this.inVain = false;
			}
			this.alarm.by(this.lost ? now + this.maxSilence / 3 : this.heardAt + this.maxSilence);
		}
		finally {
			this.lock.unlock();
		}
		if (again) {
			this.runtime.executor().execute(this.restart);
		}
	}

	private void lose(String why) {
		if (!this.lost) {
			this.lost = true;
			// Never beside another one, as the lock is held.
			this.losses = this.losses + 1;
			logger.warn(LogMessage.format("The subscription of Redis ('%s') is lost: %s", this.name, why));
			tell(RedisLinkListener::lost);
		}
	}

	private void tell(Consumer<RedisLinkListener> event) {
		this.events.offer(() -> this.listeners.forEach((listener) -> {
			try {
				event.accept(listener);
			}
			catch (RuntimeException ex) {
				logger.error(LogMessage.format("%s failed with news of the subscription of Redis; going on", listener),
						ex);
			}
		}));
	}

}
