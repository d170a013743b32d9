package com.nocobase.cluster.sample.web;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * Answers a request with a problem (RFC 9457).
 */
public class ProblemException extends ErrorResponseException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param status status of the answer
	 * @param detail what is wrong, as a sentence for the caller
	 */
	public ProblemException(HttpStatus status, String detail) {
		this(status, detail, null);
	}

	/**
	 * Creates the exception.
	 * @param status status of the answer
	 * @param detail what is wrong, as a sentence for the caller
	 * @param cause why, or {@code null}
	 */
	public ProblemException(HttpStatus status, String detail, @Nullable Throwable cause) {
		super(status, ProblemDetail.forStatusAndDetail(status, detail), cause);
	}

	/**
	 * Answers 400 unless a request is right.
	 * @param right whether it is
	 * @param detail what is wrong if not
	 */
	public static void badRequestUnless(boolean right, String detail) {
		if (!right) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, detail);
		}
	}

}
