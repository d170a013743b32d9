package com.nocobase.cluster.worker.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import com.nocobase.cluster.worker.WorkerMode;

/**
 * Answers 503 with a problem (RFC 9457) while the instance serves no requests, so that a
 * load balancer tries another one.
 */
final class NotServingFilter implements Filter {

	private static final byte[] PROBLEM = """
			{"type":"about:blank","title":"Service Unavailable","status":503,\
			"detail":"This instance serves no requests (nocobase.cluster.worker-mode)"}"""
		.getBytes(StandardCharsets.UTF_8);

	private final WorkerMode mode;

	private final AlwaysServed alwaysServed;

	/**
	 * Creates the filter.
	 * @param mode says whether requests are served
	 * @param alwaysServed says of which paths they always are
	 */
	NotServingFilter(WorkerMode mode, AlwaysServed alwaysServed) {
		this.mode = mode;
		this.alwaysServed = alwaysServed;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (this.mode.serving() || this.alwaysServed.test(path((HttpServletRequest) request))) {
			chain.doFilter(request, response);
			return;
		}
		HttpServletResponse answer = (HttpServletResponse) response;
		answer.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
		answer.setContentType("application/problem+json");
		answer.setContentLength(PROBLEM.length);
		answer.getOutputStream().write(PROBLEM);
	}

	private static String path(HttpServletRequest request) {
		// A servlet with a path of its own has the rest here.
		return (request.getPathInfo() != null) ? request.getPathInfo() : request.getServletPath();
	}

}
