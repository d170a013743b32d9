package com.nocobase.cluster.support;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue whose items reach one handler, one after the other and in order. No
 * thread belongs to it: an item that comes into an empty mailbox starts one drain on the
 * executor, which takes what has gathered meanwhile in batches.
 * <p>
 * Safe from any thread. The handler is never called under the lock, and what it throws
 * stops neither the next item nor the mailbox.
 *
 * @param <T> the type of the items
 */
public final class Mailbox<T> {

	private static final Log logger = LogFactory.getLog(Mailbox.class);

	private static final int BATCH = 64;

	private final Executor executor;

	private final int capacity;

	private final Consumer<? super T> handler;

	/** Guards all fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Condition drained = this.lock.newCondition();

	private final ArrayDeque<T> items = new ArrayDeque<>();

	private boolean open;

	private boolean closed;

	private @Nullable Thread drainer;

	private boolean draining;

	/**
	 * Creates a mailbox that gathers items but does not hand them over before
	 * {@link #open()}.
	 * @param executor runs the drains
	 * @param capacity how many items may wait
	 * @param handler gets each item
	 */
	public Mailbox(Executor executor, int capacity, Consumer<? super T> handler) {
		this.executor = executor;
		this.capacity = capacity;
		this.handler = handler;
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
			if (this.closed || this.items.size() >= this.capacity) {
				return false;
			}
			this.items.addLast(item);
			drainIfNeeded();
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
			int dropped = this.items.size();
			this.items.clear();
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
	 * Returns how many items wait.
	 * @return the number, without those that the handler has
	 */
	public int size() {
		this.lock.lock();
		try {
			return this.items.size();
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
			this.items.clear();
			long nanos = limit.toNanos();
			while (this.draining && this.drainer != Thread.currentThread()) {
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
		finally {
			this.lock.unlock();
		}
	}

	private void drainIfNeeded() {
		if (this.open && !this.closed && !this.draining && !this.items.isEmpty()) {
			this.executor.execute(this::drain);
			this.draining = true;
		}
	}

	private void drain() {
		List<T> batch = new ArrayList<>(BATCH);
		while (next(batch)) {
			for (T item : batch) {
				handle(item);
			}
		}
	}

	private boolean next(List<T> batch) {
		this.lock.lock();
		try {
			batch.clear();
			while (!this.items.isEmpty() && batch.size() < BATCH) {
				batch.add(this.items.removeFirst());
			}
			boolean more = !batch.isEmpty();
			this.drainer = more ? Thread.currentThread() : null;
			if (!more) {
				this.draining = false;
				this.drained.signalAll();
			}
			return more;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void handle(T item) {
		this.lock.lock();
		try {
			if (this.closed) {
				return;
			}
		}
		finally {
			this.lock.unlock();
		}
		try {
			this.handler.accept(item);
		}
		catch (Throwable ex) {
			logger.error("A mailbox handler failed; going on with the next item", ex);
		}
	}

}
