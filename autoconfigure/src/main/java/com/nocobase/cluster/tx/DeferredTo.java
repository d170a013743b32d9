package com.nocobase.cluster.tx;

/**
 * The transaction that a message waits for.
 */
@FunctionalInterface
public interface DeferredTo {

	/**
	 * Returns whether the calling thread is inside that transaction, where waiting for
	 * its end would last for ever.
	 * @return whether it is
	 */
	boolean isCurrent();

}
