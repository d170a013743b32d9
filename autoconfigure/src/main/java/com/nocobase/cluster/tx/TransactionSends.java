package com.nocobase.cluster.tx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import com.nocobase.cluster.message.SendState;

/**
 * What one transaction has published so far. Only its own thread comes here.
 */
final class TransactionSends implements TransactionListener {

	private final Consumer<List<Send>> committed;

	private final List<Send> sends = new ArrayList<>();

	private final Map<Object, Integer> savepoints = new HashMap<>();

	TransactionSends(Consumer<List<Send>> committed) {
		this.committed = committed;
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
		switch (outcome) {
			case COMMITTED -> this.committed.accept(this.sends);
			case ROLLED_BACK -> this.sends.forEach((send) -> send.settled(SendState.NOT_SENT, null));
			case UNKNOWN -> this.sends.forEach((send) -> send.settled(SendState.FAILED,
					new IllegalStateException("The database was lost during the commit; nothing was sent")));
		}
	}

}
