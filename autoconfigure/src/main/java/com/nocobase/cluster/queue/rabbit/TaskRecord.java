package com.nocobase.cluster.queue.rabbit;

import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import com.rabbitmq.client.AMQP.BasicProperties;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * What the properties of a message tell about its task. RabbitMQ changes nothing in a
 * message, so a task that fails or is given back is replaced by a copy with another
 * record.
 *
 * @param id id of the task
 * @param failures attempts that failed
 * @param deaths deaths of its workers, those that the broker has counted since the last
 * copy too
 * @param rest how long the task has to wait after it has come
 * @param original properties to keep, foreign ones too
 * @param failure the last failure, or {@code null}
 */
record TaskRecord(String id, int failures, int deaths, Duration rest, BasicProperties original,
		@Nullable Failure failure) {

	private static final String PREFIX = "nocobase-";

	private static final String FAILURES = PREFIX + "failures";

	private static final String DEATHS = PREFIX + "deaths";

	private static final String REST = PREFIX + "rest";

	private static final String ERROR = PREFIX + "error";

	private static final String FIRST_FAILURE = PREFIX + "first-failure";

	private static final String LAST_FAILURE = PREFIX + "last-failure";

	private static final String DELIVERY_COUNT = "x-delivery-count";

	/** Would send a copy to more queues. */
	private static final Set<String> ROUTES = Set.of("cc", "bcc");

	private static final int LONGEST_ERROR = 2_000;

	private static final int PERSISTENT = 2;

	/**
	 * Reads the record of a message, which may be anybody's.
	 * @param properties its properties
	 * @param body its bytes, which give an id to a message without one
	 * @return the record
	 */
	static TaskRecord of(BasicProperties properties, byte[] body) {
		String id = properties.getMessageId();
		if (!StringUtils.hasText(id)) {
			id = UUID.nameUUIDFromBytes(body).toString();
		}
		Map<String, Object> headers = properties.getHeaders();
		if (headers == null) {
			return new TaskRecord(id, 0, 0, Duration.ZERO, properties, null);
		}
		long deaths = number(headers, DEATHS) + number(headers, DELIVERY_COUNT);
		Object error = headers.get(ERROR);
		return new TaskRecord(id, (int) number(headers, FAILURES), (int) deaths,
				Duration.ofMillis(number(headers, REST)), properties,
				(error != null)
						? new Failure(error.toString(), number(headers, FIRST_FAILURE), number(headers, LAST_FAILURE))
						: null);
	}

	/**
	 * Returns the properties of a new task.
	 * @param id id of the task
	 * @param now the time
	 * @return properties without headers
	 */
	static BasicProperties first(String id, long now) {
		return new BasicProperties(null, null, null, PERSISTENT, null, null, null, null, id, new Date(now), null, null,
				null, null);
	}

	TaskRecord failed(int attempts, String error, long now) {
		String text = (error.length() > LONGEST_ERROR) ? error.substring(0, LONGEST_ERROR) : error;
		long first = (this.failure != null) ? this.failure.first() : now;
		return new TaskRecord(this.id, attempts, this.deaths, this.rest, this.original, new Failure(text, first, now));
	}

	/**
	 * Returns the record of a task that begins anew.
	 * @return without failures and deaths
	 */
	TaskRecord anew() {
		return new TaskRecord(this.id, 0, 0, Duration.ZERO, this.original, null);
	}

	/**
	 * Returns the properties of a copy.
	 * @param waits how long it has to wait after it has come
	 * @return the properties
	 */
	BasicProperties toProperties(Duration waits) {
		Map<String, Object> headers = new HashMap<>();
		Map<String, Object> old = this.original.getHeaders();
		if (old != null) {
			headers.putAll(old);
			headers.keySet().removeIf(TaskRecord::isNotKept);
		}
		putPositive(headers, FAILURES, this.failures);
		putPositive(headers, DEATHS, this.deaths);
		putPositive(headers, REST, waits.toMillis());
		if (this.failure != null) {
			headers.put(ERROR, this.failure.error());
			headers.put(FIRST_FAILURE, this.failure.first());
			headers.put(LAST_FAILURE, this.failure.last());
		}
		// Neither another's user, which the broker would refuse, nor an expiration.
		return new BasicProperties(this.original.getContentType(), this.original.getContentEncoding(), headers,
				PERSISTENT, null, this.original.getCorrelationId(), this.original.getReplyTo(), null, this.id,
				this.original.getTimestamp(), this.original.getType(), null, this.original.getAppId(), null);
	}

	private static boolean isNotKept(String header) {
		String name = header.toLowerCase(Locale.ROOT);
		return name.startsWith(PREFIX) || name.startsWith("x-") || ROUTES.contains(name);
	}

	private static void putPositive(Map<String, Object> headers, String name, long value) {
		if (value > 0) {
			headers.put(name, value);
		}
	}

	private static long number(Map<String, Object> headers, String name) {
		return (headers.get(name) instanceof Number value) ? Math.max(0, value.longValue()) : 0;
	}

	/**
	 * A failed attempt.
	 *
	 * @param error what went wrong
	 * @param first when an attempt failed first, in milliseconds
	 * @param last when the last one did
	 */
	record Failure(String error, long first, long last) {

	}

}
