package com.nocobase.cluster.support;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

/**
 * A bounded queue whose items reach one handler, one after the other and in order. No
 * thread belongs to it: an item that comes into an empty mailbox starts one drain on the
 * executor, which goes on until the mailbox is empty, under a dense flow with moments of
 * rest (see {@link Pace}). It takes all that waits at once, so that under load neither
 * the lock is taken nor a thread is woken for each item. While the executor has no thread
 * the items wait, and the drain is started again and again.
 * <p>
 * Safe from any thread. The handler is never called under the lock, and what it throws
 * stops neither the next item nor the mailbox.
 *
 * @param <T> the type of the items
 */
public final class Mailbox<T> {

	private static final Log logger = LogFactory.getLog(Mailbox.class);

	private static final Duration AGAIN = Duration.ofSeconds(1);

	private static final int NOTHING = -1;

	private static final int REST = -2;

	/** So many items end a moment of rest. */
	private static final int MANY = 128;

	private final ClusterRuntime runtime;

	private final int capacity;

	private final Consumer<? super T> handler;

	private final Alarm again;

	/** Guards all fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Condition drained = this.lock.newCondition();

	private ArrayDeque<T> items = new ArrayDeque<>();

	private boolean open;

	private boolean closed;

	/** Runs the handler, or is about to. */
	private @Nullable Thread drainer;

	private @Nullable Thread resting;

	private boolean draining;

	private final Pace pace = new Pace();

	private final long rest;

	private boolean refused;

	/** What the drain has taken; only its thread touches what is in it. */
	private ArrayDeque<T> batch = new ArrayDeque<>();

	/** How many of the batch still wait; counted by the drain. */
	private final AtomicInteger inBatch = new AtomicInteger();

	/** Raised whenever what waits is dropped, the rest of a batch too. */
	private volatile int term;

	/**
	 * Creates a mailbox that gathers items but does not hand them over before
	 * {@link #open()}.
	 * @param runtime runs the drains
	 * @param capacity how many items may wait
	 * @param handler gets each item
	 */
	public Mailbox(ClusterRuntime runtime, int capacity, Consumer<? super T> handler) {
		this(runtime, capacity, handler, Pace.MOMENT);
	}

	Mailbox(ClusterRuntime runtime, int capacity, Consumer<? super T> handler, Duration rest) {
		this.rest = rest.toNanos();
		this.runtime = runtime;
		this.capacity = capacity;
		this.handler = handler;
		this.again = new Alarm(runtime, this::drainAgain);
	}

	/**
	 * Starts handing over, with what has gathered. Opening twice does nothing, opening
	 * after {@link #close} neither.
	 */
	public void open() {
		this.lock.lock();
		try {
			this.open = true;
			drainIfNeeded();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Adds an item at the end.
	 * @param item the item
	 * @return {@code false} if the mailbox is full or closed and the item was not taken
	 */
	public boolean offer(T item) {
		this.lock.lock();
		try {
			if (this.closed || waiting() >= this.capacity) {
				return false;
			}
			this.items.addLast(item);
			drainIfNeeded();
			if (this.resting != null && this.items.size() >= Math.min(MANY, this.capacity / 2)) {
				LockSupport.unpark(this.resting);
			}
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Drops what waits and puts one item in its place.
	 * @param item the item
	 * @return how many items were dropped
	 */
	public int replaceAll(T item) {
		this.lock.lock();
		try {
			int dropped = waiting();
			drop();
			if (!this.closed) {
				this.items.addLast(item);
				drainIfNeeded();
			}
			return dropped;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Drops what waits and stops handing over until {@link #open()}, then waits for the
	 * handler to come back, unless it is the handler itself that pauses. A handler that
	 * does not come back still keeps its place: nothing is handed over beside it.
	 * @param limit how long to wait
	 * @return whether the handler has come back
	 */
	public boolean pause(Duration limit) {
		this.lock.lock();
		try {
			this.open = false;
			drop();
			return awaitHandler(limit);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Interrupts the handler, if it is running: for one that did not come back in time.
	 */
	public void interrupt() {
		this.lock.lock();
		try {
			if (this.drainer != null) {
				this.drainer.interrupt();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns how many items wait.
	 * @return the number, without those that the handler has
	 */
	public int size() {
		this.lock.lock();
		try {
			return waiting();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Drops what waits, takes nothing more and waits for the handler to come back, unless
	 * it is the handler itself that closes.
	 * @param limit how long to wait
	 * @return whether the handler has come back
	 */
	public boolean close(Duration limit) {
		this.lock.lock();
		try {
			this.closed = true;
			drop();
			return awaitHandler(limit);
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean awaitHandler(Duration limit) {
		long nanos = limit.toNanos();
		try {
			while (this.drainer != null && this.drainer != Thread.currentThread()) {
				if (nanos <= 0) {
					return false;
				}
				nanos = this.drained.awaitNanos(nanos);
			}
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private void drainIfNeeded() {
		if (!this.open || this.closed || this.draining || this.refused || this.items.isEmpty()) {
			return;
		}
		try {
			this.runtime.executor().execute(this::drain);
			this.draining = true;
			this.pace.begins(this.runtime.nanoTime());
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			logger.warn(LogMessage.format("No thread for a mailbox; %d items wait for one", this.items.size()), ex);
			this.again.within(AGAIN);
			this.refused = true;
		}
	}

	private void drainAgain() {
		this.lock.lock();
		try {
			this.refused = false;
			drainIfNeeded();
		}
		finally {
			this.lock.unlock();
		}
	}

	private int waiting() {
		return this.items.size() + this.inBatch.get();
	}

	private void drop() {
		this.items.clear();
		this.term = (this.term + 1) & Integer.MAX_VALUE;
		this.inBatch.set(0);
	}

	private void drain() {
		int current = takeBatch();
		while (current != NOTHING) {
			if (current == REST) {
				LockSupport.parkNanos(this, this.rest);
			}
			else {
				handOver(current);
			}
			current = takeBatch();
		}
		// An interrupt that came too late is not meant for the next user of the thread.
		Thread.interrupted();
	}

	private void handOver(int current) {
		T item = next();
		while (item != null && this.term == current) {
			// What an earlier item left behind is not meant for this one.
			Thread.interrupted();
			try {
				this.handler.accept(item);
			}
			catch (Throwable ex) {
				logger.error("A mailbox handler failed; going on with the next item", ex);
			}
			item = next();
		}
		this.batch.clear();
	}

	private @Nullable T next() {
		T item = this.batch.pollFirst();
		this.inBatch.set(this.batch.size());
		return item;
	}

	private int takeBatch() {
		this.lock.lock();
		try {
			boolean empty = !this.open || this.closed || this.items.isEmpty();
			boolean rests = this.pace.rests(this.items.size()) && empty && this.open && !this.closed;
			this.drainer = empty ? null : Thread.currentThread();
			this.resting = rests ? Thread.currentThread() : null;
			if (empty) {
				this.inBatch.set(0);
				this.draining = rests;
				this.drained.signalAll();
				this.pace.ends(this.runtime.nanoTime());
				return rests ? REST : NOTHING;
			}
			ArrayDeque<T> taken = this.items;
			this.items = this.batch;
			this.batch = taken;
			this.inBatch.set(taken.size());
			return this.term;
		}
		finally {
			this.lock.unlock();
		}
	}

}
