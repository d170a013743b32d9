package com.nocobase.cluster.message;

import org.springframework.util.unit.DataSize;

/**
 * A payload over the limit. It was refused before anything was sent.
 */
public class PayloadTooLargeException extends PayloadException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param what what was to be sent
	 * @param size its size in bytes
	 * @param limit the limit
	 */
	public PayloadTooLargeException(String what, long size, DataSize limit) {
		super("%s has %d bytes, more than the %d that nocobase.cluster.max-payload allows; send an id and store the rest"
			.formatted(what, size, limit.toBytes()), null);
	}

}
