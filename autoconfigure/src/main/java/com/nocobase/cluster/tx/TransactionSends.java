package com.nocobase.cluster.tx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import com.nocobase.cluster.message.SendState;

/**
 * What one transaction has published so far. Only its own thread changes it.
 */
final class TransactionSends implements TransactionListener, DeferredTo {

	private final Thread thread = Thread.currentThread();

	private final Consumer<List<Send>> committed;

	private final Consumer<List<Send>> undecided;

	private volatile boolean completed;

	private final List<Send> sends = new ArrayList<>();

	private final Map<Object, Integer> savepoints = new HashMap<>();

	TransactionSends(Consumer<List<Send>> committed, Consumer<List<Send>> undecided) {
		this.committed = committed;
		this.undecided = undecided;
	}

	void add(Send send) {
		this.sends.add(send);
	}

	@Override
	public void savepointMade(Object savepoint) {
		this.savepoints.put(savepoint, this.sends.size());
	}

	@Override
	public void rolledBackTo(Object savepoint) {
		// A savepoint that we have not seen was made before the first message.
		int kept = this.savepoints.getOrDefault(savepoint, 0);
		List<Send> dropped = this.sends.subList(kept, this.sends.size());
		dropped.forEach((send) -> send.settled(SendState.NOT_SENT, null));
		dropped.clear();
	}

	@Override
	public void completed(TransactionOutcome outcome) {
		this.completed = true;
		switch (outcome) {
			case COMMITTED -> this.committed.accept(this.sends);
			case ROLLED_BACK -> this.sends.forEach((send) -> send.settled(SendState.NOT_SENT, null));
			case UNKNOWN -> this.undecided.accept(this.sends);
		}
	}

	/**
	 * A suspended transaction too can only be ended by the thread that runs it.
	 */
	@Override
	public boolean isCurrent() {
		return !this.completed && Thread.currentThread() == this.thread;
	}

}
