package com.nocobase.cluster.queue.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.queue.Delivery;
import com.nocobase.cluster.queue.QueueConsumer;
import com.nocobase.cluster.support.Alarm;

/**
 * Takes tasks of one channel, one call at a time.
 * <ol>
 * <li>It takes as many as are requested, and some ahead while handlers are fast.</li>
 * <li>When there are fewer than requested, the server notes that this session waits, and
 * a publisher's script signals it. Nothing polls.</li>
 * <li>What was taken ahead and is not requested soon is given back.</li>
 * </ol>
 * The lock guards all state; nothing is called under it.
 */
final class RedisConsumer implements QueueConsumer {

	/** How long a task that was taken ahead may wait. */
	private static final long PATIENCE = Duration.ofMillis(100).toNanos();

	private static final int MOST = 256;

	private final RedisChannel channel;

	private final Consumer<Delivery> sink;

	private final String name;

	private final Alarm due;

	private final Alarm stale;

	private final ReentrantLock lock = new ReentrantLock();

	private final Deque<RedisDelivery> ahead = new ArrayDeque<>();

	private final LookAhead lookAhead;

	private int requested;

	/** Number of the last call that was answered. */
	private String last = "";

	/** A call is under way. */
	private boolean taking;

	/** There may be more than the last call has brought. */
	private boolean more = true;

	/** The server signals this session when there is something. */
	private boolean waiting;

	/** The server may still think that it waits. */
	private boolean registered;

	/** It was signalled while a call was under way. */
	private boolean signalled;

	/** Nothing is wanted, so nothing is kept. */
	private boolean paused = true;

	/** What was taken ahead was not asked for. */
	private boolean stalled;

	private boolean closed;

	RedisConsumer(RedisChannel channel, Consumer<Delivery> sink) {
		this.channel = channel;
		this.sink = sink;
		this.name = "take-" + channel.session().number();
		this.lookAhead = new LookAhead(channel.runtime().nanoTime());
		this.due = new Alarm(channel.runtime(), channel::promote);
		this.stale = new Alarm(channel.runtime(), this::giveBackStale);
	}

	@Override
	public void request(int tasks) {
		act(() -> {
			this.paused = false;
			this.requested += tasks;
			return false;
		});
	}

	@Override
	public int withdraw(int tasks) {
		int[] withdrawn = { 0 };
		act(() -> {
			withdrawn[0] = Math.min(tasks, this.requested);
			this.requested -= withdrawn[0];
			this.paused |= this.requested == 0;
			return this.paused && isNoLongerWaiting();
		});
		return withdrawn[0];
	}

	@Override
	public void concurrency(int tasks) {
		// No more is taken than is requested and a little ahead.
	}

	@Override
	public void close() {
		this.due.cancel();
		this.channel.forget(this);
		act(() -> {
			this.closed = true;
			this.paused = true;
			return isNoLongerWaiting();
		});
	}

	/** The server has signalled that there is something. */
	void signal() {
		act(() -> {
			this.waiting = false;
			this.registered = false;
			this.more = true;
			this.signalled = this.taking;
			// The signal was meant for somebody who wants work.
			return (this.requested == 0 || this.closed) && !this.taking;
		});
	}

	/**
	 * The server has sent a task, as this consumer waited for one.
	 * @param task the task
	 */
	void sent(RedisDelivery task) {
		act(() -> {
			this.waiting = false;
			this.registered = false;
			this.more = true;
			this.signalled |= this.taking;
			this.ahead.add(task);
			return false;
		});
	}

	/** There may be something, although the server has not signalled it. */
	void look() {
		act(() -> {
			this.more = true;
			this.signalled |= this.taking;
			this.waiting = false;
			return false;
		});
	}

	/**
	 * Looks when a delayed task comes to its time.
	 * @param millis in how many milliseconds, or -1 if there is none
	 */
	void dueIn(long millis) {
		if (millis >= 0) {
			this.due.within(Duration.ofMillis(Math.min(millis + 1, Duration.ofDays(1).toMillis())));
		}
	}

	private void take(int most, int wanted, boolean mayBeRegistered) {
		this.channel.take(this.name, most, wanted, mayBeRegistered).whenComplete((taken, ex) -> {
			if (taken == null) {
				// The session is over; or else the next sweep has it look again.
				act(() -> {
					this.taking = false;
					this.waiting = true;
					return false;
				});
				return;
			}
			dueIn(taken.due());
			act(() -> {
				this.taking = false;
				this.last = taken.number();
				int count = taken.tasks().size();
				boolean wanting = !this.paused && !(this.signalled && this.requested == 0);
				boolean told = count < wanted || this.signalled;
				this.registered = count < wanted;
				this.waiting = wanting && count < wanted && !this.signalled;
				this.more = count >= most || this.signalled;
				this.signalled = false;
				this.lookAhead.measure(this.channel.runtime().nanoTime());
				this.ahead.addAll(taken.tasks());
				return told && !wanting;
			});
		});
	}

	private void giveBackStale() {
		act(() -> {
			long now = this.channel.runtime().nanoTime();
			RedisDelivery oldest = this.ahead.peek();
			if (oldest != null && now - oldest.takenAt() >= PATIENCE) {
				this.lookAhead.reset(now);
				this.stalled = true;
			}
			return false;
		});
	}

	/**
	 * Changes the state, and does what follows from it.
	 * @param change what changes, and whether the server has to learn that this consumer
	 * does not wait for a signal, and to pass on one that was for it
	 */
	private void act(BooleanSupplier change) {
		List<RedisDelivery> handed = new ArrayList<>();
		List<RedisDelivery> back = List.of();
		@Nullable RedisDelivery oldest;
		boolean still;
		String number;
		boolean mayBeRegistered;
		int wanted;
		int most;
		this.lock.lock();
		try {
			still = change.getAsBoolean();
			number = this.last;
			while (this.requested > 0 && !this.closed && !this.ahead.isEmpty()) {
				handed.add(this.ahead.remove());
				this.requested--;
			}
			this.lookAhead.handedOver(handed.size());
			if (this.paused || this.stalled) {
				back = new ArrayList<>(this.ahead);
				this.ahead.clear();
				this.stalled = false;
			}
			wanted = Math.min(MOST, this.requested);
			mayBeRegistered = this.registered;
			most = isToTake() ? Math.min(MOST, wanted + Math.max(0, this.lookAhead.size() - this.ahead.size())) : 0;
			this.taking |= most > 0;
			oldest = this.ahead.peek();
		}
		finally {
			this.lock.unlock();
		}
		if (oldest != null) {
			this.stale.by(oldest.takenAt() + PATIENCE);
		}
		if (most > 0) {
			take(most, wanted, mayBeRegistered);
		}
		if (still) {
			this.channel.still(this.name, number);
		}
		handed.forEach(this.sink);
		// Each goes to the head of the line, so the oldest one last.
		for (int i = back.size() - 1; i >= 0; i--) {
			back.get(i).giveBack(Duration.ZERO);
		}
	}

	private boolean isNoLongerWaiting() {
		boolean was = this.waiting;
		this.waiting = false;
		return was;
	}

	private boolean isToTake() {
		if (this.closed || this.paused || this.taking || this.waiting) {
			return false;
		}
		return this.requested > 0 || (this.more && this.ahead.size() < this.lookAhead.size() / 2);
	}

}
