package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

import com.nocobase.cluster.message.Envelope;
import com.nocobase.cluster.message.MalformedMessageException;

/**
 * What the publisher wants of the consumer. It travels in the envelope, so that it is the
 * same at every attempt and no adapter needs to know it.
 *
 * @param timeout how long the handler may take, {@code null} if the publisher does not
 * say
 * @param maxRetries how many attempts may follow the first one
 * @param backoff the pauses between attempts
 */
record TaskPolicy(@Nullable Duration timeout, int maxRetries, Backoff backoff) {

	private static final String TIMEOUT = "timeout";

	private static final String RETRIES = "retries";

	private static final String BACKOFF = "backoff";

	/** What a publisher that says nothing wants. */
	static final TaskPolicy DEFAULT = new TaskPolicy(null, 0, Backoff.DEFAULT);

	static Map<String, String> headers(TaskOptions options) {
		if (options == TaskOptions.DEFAULTS) {
			return Map.of();
		}
		Map<String, String> headers = new HashMap<>(4);
		if (options.timeout() != null) {
			headers.put(TIMEOUT, options.timeout().toString());
		}
		if (options.maxRetries() > 0) {
			headers.put(RETRIES, Integer.toString(options.maxRetries()));
		}
		Backoff backoff = options.backoff();
		if (!backoff.equals(Backoff.DEFAULT)) {
			headers.put(BACKOFF, "%s,%s,%s,%s".formatted(backoff.initial(), Double.toString(backoff.multiplier()),
					backoff.max(), Double.toString(backoff.jitter())));
		}
		return headers;
	}

	static TaskPolicy of(Envelope envelope) {
		if (envelope.headers().isEmpty()) {
			return DEFAULT;
		}
		try {
			String timeout = envelope.header(TIMEOUT);
			String retries = envelope.header(RETRIES);
			String backoff = envelope.header(BACKOFF);
			return new TaskPolicy((timeout != null) ? Limits.positive(TIMEOUT, Duration.parse(timeout)) : null,
					(retries != null) ? Integer.parseInt(retries) : 0,
					(backoff != null) ? parseBackoff(backoff) : Backoff.DEFAULT);
		}
		catch (RuntimeException ex) {
			throw new MalformedMessageException("Options of the task cannot be read: " + envelope.headers(), ex);
		}
	}

	private static Backoff parseBackoff(String text) {
		String[] parts = StringUtils.commaDelimitedListToStringArray(text);
		return new Backoff(Duration.parse(parts[0]), Double.parseDouble(parts[1]), Duration.parse(parts[2]),
				Double.parseDouble(parts[3]));
	}

}
