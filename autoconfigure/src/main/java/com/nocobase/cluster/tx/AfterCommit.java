package com.nocobase.cluster.tx;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.support.Alarm;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Signals;

/**
 * Sends what a transaction published after its commit, in order, and never after a
 * rollback.
 * <ol>
 * <li>Within a transaction a message is put into that transaction's list; rolling back to
 * a savepoint takes out what came after it.</li>
 * <li>When the transaction has committed, the list is sent by the committing thread.</li>
 * <li>A message that the broker does not take waits in a bounded buffer, with all that
 * come after it, and is sent again with growing pauses until it is taken.</li>
 * <li>When the buffer is full a message fails: its receipt says so, it is counted and
 * logged.</li>
 * </ol>
 * Nothing that goes wrong here reaches the transaction. The buffer does not survive the
 * process; the outbox does. Safe from any thread.
 */
public final class AfterCommit {

	private static final Log logger = LogFactory.getLog(AfterCommit.class);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

	/** How long a sender waits for another one that is at the buffer. */
	private static final Duration TURN = Duration.ofSeconds(1);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

	private final String capability;

	private final Transactions transactions;

	private final Signals signals;

	private final int capacity;

	private final Alarm retry;

	/** Guards the buffer, the pause and the flag below them. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Deque<Send> buffer = new ArrayDeque<>();

	private Duration pause = FIRST_PAUSE;

	private boolean closed;

	/** Held by the only one that sends from the buffer. */
	private final ReentrantLock sending = new ReentrantLock();

	private volatile int waiting;

	/**
	 * Creates the sender of one capability.
	 * @param capability its name, for log and counters
	 * @param transactions where transactions are seen
	 * @param runtime threads and clocks
	 * @param signals counts what failed
	 * @param capacity how many messages may wait to be sent again
	 */
	public AfterCommit(String capability, Transactions transactions, ClusterRuntime runtime, Signals signals,
			int capacity) {
		this.capability = capability;
		this.transactions = transactions;
		this.signals = signals;
		this.capacity = capacity;
		this.retry = new Alarm(runtime, () -> runtime.executor().execute(() -> sendBuffered(Duration.ZERO)));
	}

	/**
	 * Returns whether a message published now waits for a transaction.
	 * @return whether the calling thread is inside a transaction
	 */
	public boolean isDeferred() {
		return this.transactions.isActive();
	}

	/**
	 * Puts a message into the calling thread's transaction.
	 * @param send the message
	 * @return knows whether it is the calling thread that has to end that transaction
	 * @throws IllegalStateException outside a transaction
	 */
	public DeferredTo defer(Send send) {
		TransactionSends sends = this.transactions.join(this,
				() -> new TransactionSends(this::committed, this::undecided));
		sends.add(send);
		return sends;
	}

	/**
	 * Sends a message now. What waits to be sent again goes first.
	 * @param send the message; it is settled when this method returns
	 * @throws RuntimeException if the broker did not take it
	 */
	public void sendNow(Send send) {
		if (this.waiting > 0) {
			sendBuffered(TURN);
		}
		try {
			if (this.waiting > 0) {
				throw new IllegalStateException(
						"%d earlier messages of %s still wait to be sent".formatted(this.waiting, this.capability));
			}
			send.send();
		}
		catch (RuntimeException ex) {
			send.settled(SendState.FAILED, ex);
			throw ex;
		}
		send.settled(SendState.SENT, null);
	}

	/**
	 * Returns how many messages wait to be sent again.
	 * @return the number
	 */
	public int waiting() {
		return this.waiting;
	}

	/**
	 * Takes messages again after {@link #close()}.
	 */
	public void open() {
		this.lock.lock();
		try {
			this.closed = false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Tries once more to send what waits; what the broker still does not take fails, as
	 * does what a transaction that ends later has published.
	 */
	public void close() {
		sendBuffered(TURN);
		List<Send> lost;
		this.lock.lock();
		try {
			this.closed = true;
			lost = List.copyOf(this.buffer);
			this.buffer.clear();
			this.waiting = 0;
		}
		finally {
			this.lock.unlock();
		}
		this.retry.cancel();
		lost.forEach((send) -> fail(send, new IllegalStateException("The application stopped before it was sent")));
	}

	private void committed(List<Send> sends) {
		for (int i = 0; i < sends.size(); i++) {
			RuntimeException failure = (this.waiting == 0) ? attempt(sends.get(i))
					: new IllegalStateException("Earlier messages still wait to be sent");
			if (failure != null) {
				buffer(sends.subList(i, sends.size()), failure);
				return;
			}
			sends.get(i).settled(SendState.SENT, null);
		}
	}

	private void undecided(List<Send> sends) {
		IllegalStateException failure = new IllegalStateException(
				"The database was lost during the commit; nothing was sent");
		sends.forEach((send) -> fail(send, failure));
	}

	private static @Nullable RuntimeException attempt(Send send) {
		try {
			send.send();
			return null;
		}
		catch (RuntimeException ex) {
			return ex;
		}
		catch (Error ex) {
			// The messages behind it must not be forgotten because of it.
			return new IllegalStateException("Sending failed", ex);
		}
	}

	private void buffer(List<Send> sends, RuntimeException failure) {
		int taken;
		Duration delay;
		this.lock.lock();
		try {
			taken = this.closed ? 0 : Math.min(sends.size(), this.capacity - this.buffer.size());
			this.buffer.addAll(sends.subList(0, taken));
			this.waiting = this.buffer.size();
			delay = this.pause;
		}
		finally {
			this.lock.unlock();
		}
		if (taken > 0) {
			logger.warn(LogMessage.format("%d messages of %s were not sent after the commit and will be sent again",
					taken, this.capability), failure);
			this.retry.within(delay);
		}
		sends.subList(taken, sends.size()).forEach((send) -> fail(send, failure));
	}

	private void fail(Send send, RuntimeException failure) {
		logger.error(LogMessage.format("A message of %s is lost: committed, but not sent", this.capability), failure);
		this.signals.count(this.capability + ".unsent", this.capability);
		send.settled(SendState.FAILED, failure);
	}

	private void sendBuffered(Duration turn) {
		if (!isMyTurnWithin(turn)) {
			return;
		}
		RuntimeException failure = null;
		try {
			Send next = first();
			while (next != null && failure == null) {
				failure = attempt(next);
				next = (failure != null) ? next : sent(next);
			}
		}
		finally {
			this.sending.unlock();
		}
		if (failure != null) {
			logger.debug("Sending again failed", failure);
		}
		if (this.waiting > 0) {
			this.retry.within((failure != null) ? nextPause() : FIRST_PAUSE);
		}
	}

	private boolean isMyTurnWithin(Duration turn) {
		try {
			return this.sending.tryLock(turn.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private @Nullable Send first() {
		this.lock.lock();
		try {
			return this.buffer.peekFirst();
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable Send sent(Send send) {
		Send next;
		this.lock.lock();
		try {
			this.buffer.remove(send);
			this.waiting = this.buffer.size();
			this.pause = FIRST_PAUSE;
			next = this.buffer.peekFirst();
		}
		finally {
			this.lock.unlock();
		}
		send.settled(SendState.SENT, null);
		return next;
	}

	private Duration nextPause() {
		this.lock.lock();
		try {
			Duration doubled = this.pause.multipliedBy(2);
			this.pause = (doubled.compareTo(LONGEST_PAUSE) < 0) ? doubled : LONGEST_PAUSE;
			return this.pause;
		}
		finally {
			this.lock.unlock();
		}
	}

}
