package com.nocobase.cluster.message;

/**
 * Where a message is on its way out.
 */
public enum SendState {

	/** Waits for the transaction to end, or to be sent again after a failure. */
	PENDING,

	/** The broker has it. */
	SENT,

	/** The transaction was rolled back; the message was dropped. */
	NOT_SENT,

	/** It was not sent and will not be. */
	FAILED

}
