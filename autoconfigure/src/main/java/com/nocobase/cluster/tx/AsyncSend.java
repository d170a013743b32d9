package com.nocobase.cluster.tx;

import java.util.concurrent.CompletionStage;

/**
 * One message on its way out that need not be waited for.
 */
public interface AsyncSend extends Send {

	/**
	 * Hands the message to the broker. May be called again after it failed.
	 * @return completed when the broker has it; cancelled if that is given up
	 * @throws RuntimeException if it could not even be handed over
	 */
	CompletionStage<?> start();

}
