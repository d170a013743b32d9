package com.nocobase.cluster.tx;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.message.SendState;

/**
 * One message on its way out.
 */
public interface Send {

	/**
	 * Hands the message to the broker and returns when it has it. May be called again
	 * after it threw.
	 * @throws RuntimeException if the broker did not take it
	 */
	void send();

	/**
	 * Called once with the final state. Must not throw or block.
	 * @param state sent, not sent or failed
	 * @param failure why it failed, else {@code null}
	 */
	void settled(SendState state, @Nullable Throwable failure);

}
