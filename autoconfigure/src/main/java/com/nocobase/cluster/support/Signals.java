package com.nocobase.cluster.support;

/**
 * Counts what must not happen in silence: a message dropped, a handler that threw, a
 * lease lost. Implementations are safe from any thread and never throw.
 */
@FunctionalInterface
public interface Signals {

	/** Counts nothing. */
	Signals NONE = (event, subject) -> {
	};

	/**
	 * Counts one event.
	 * @param event capability and event in the past, such as {@code pubsub.dropped}
	 * @param subject the channel, cache or key family it happened to; never something
	 * that grows without bound
	 */
	void count(String event, String subject);

}
