package com.nocobase.cluster.tx;

/**
 * Takes part in one transaction, from the thread that runs it.
 */
public interface TransactionListener {

	/**
	 * Called before the commit. What it throws rolls the transaction back.
	 */
	default void beforeCommit() {
	}

	/**
	 * Called when a savepoint was made.
	 * @param savepoint identifies it
	 */
	default void savepointMade(Object savepoint) {
	}

	/**
	 * Called when what came after a savepoint is rolled back.
	 * @param savepoint identifies it
	 */
	default void rolledBackTo(Object savepoint) {
	}

	/**
	 * Called once, when the transaction has ended. What it throws is logged and changes
	 * nothing.
	 * @param outcome how it ended
	 */
	void completed(TransactionOutcome outcome);

}
