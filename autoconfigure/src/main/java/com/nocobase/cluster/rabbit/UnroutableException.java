package com.nocobase.cluster.rabbit;

/**
 * There is no queue where a message shall go. It may have been deleted; it is declared
 * again for the next message.
 */
public class UnroutableException extends RabbitServerException {

	private static final long serialVersionUID = 1L;

	UnroutableException(String message) {
		super(message, null);
	}

}
