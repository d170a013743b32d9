package com.nocobase.cluster.tx;

/**
 * The transaction that a message waits for.
 */
@FunctionalInterface
public interface DeferredTo {

	/**
	 * Returns whether the calling thread runs that transaction, which may be suspended,
	 * so that waiting for its end would last for ever.
	 * @return whether it is
	 */
	boolean isCurrent();

}
