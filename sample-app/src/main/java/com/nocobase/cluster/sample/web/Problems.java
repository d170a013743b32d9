package com.nocobase.cluster.sample.web;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

import com.nocobase.cluster.lock.LockException;
import com.nocobase.cluster.queue.QueueException;
import com.nocobase.cluster.sync.SyncException;
import com.nocobase.cluster.worker.WorkerIdException;

/**
 * Turns every error into a problem (RFC 9457).
 */
@RestControllerAdvice
class Problems extends ResponseEntityExceptionHandler {

	@ExceptionHandler({ LockException.class, QueueException.class, SyncException.class, WorkerIdException.class })
	@Nullable ResponseEntity<Object> unavailable(Exception ex, WebRequest request) {
		this.logger.warn("A capability of the cluster failed; answering 503", ex);
		return problem(ex, HttpStatus.SERVICE_UNAVAILABLE, "The cluster cannot do this now; try again", request);
	}

	@ExceptionHandler
	@Nullable ResponseEntity<Object> unexpected(Exception ex, WebRequest request) {
		this.logger.error("A request failed; answering 500", ex);
		return problem(ex, HttpStatus.INTERNAL_SERVER_ERROR, "Something went wrong; the log says what", request);
	}

	/** A request that a record did not accept says why. */
	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(HttpMessageNotReadableException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		if (ex.getMostSpecificCause() instanceof ProblemException problem) {
			return handleErrorResponseException(problem, headers, problem.getStatusCode(), request);
		}
		return super.handleHttpMessageNotReadable(ex, headers, status, request);
	}

	private @Nullable ResponseEntity<Object> problem(Exception ex, HttpStatus status, String detail,
			WebRequest request) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
		return handleExceptionInternal(ex, problem, new HttpHeaders(), status, request);
	}

}
