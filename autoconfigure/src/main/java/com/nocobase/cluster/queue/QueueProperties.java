package com.nocobase.cluster.queue;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of the event queue.
 *
 * @param enabled Whether there is an event queue.
 * @param adapter Where tasks are kept: memory, rabbitmq, or the name of a QueueAdapter
 * bean.
 * @param timeout Time that a handler has, if neither its subscription nor the publisher
 * says.
 * @param maxConcurrency Most tasks of one subscription that run at once in this instance.
 * @param maxCrashes Deaths of its worker after which a task becomes a dead letter.
 * @param drain Time that running tasks have to end when the application stops. Cut to two
 * thirds of spring.lifecycle.timeout-per-shutdown-phase.
 * @param publishTimeout Longest wait until the broker has a published task.
 * @param maxUnconfirmed Most tasks published without waiting that the broker has not yet
 * confirmed.
 * @param resendBuffer Most tasks that wait to be sent again after their transaction has
 * committed.
 * @param cancelTimeout Longest wait for other instances when a running task is cancelled.
 * @param dedupWindow Time for which a dedupId is at least remembered after its task was
 * published.
 * @param connectionFactory Name of the ConnectionFactory bean to use. Default is the
 * application's own one.
 */
@ConfigurationProperties("nocobase.cluster.queue")
public record QueueProperties(@DefaultValue("true") boolean enabled, @DefaultValue("memory") String adapter,
		@DefaultValue("15s") Duration timeout, @DefaultValue("256") int maxConcurrency,
		@DefaultValue("3") int maxCrashes, @DefaultValue("20s") Duration drain,
		@DefaultValue("10s") Duration publishTimeout, @DefaultValue("1024") int maxUnconfirmed,
		@DefaultValue("10000") int resendBuffer, @DefaultValue("2s") Duration cancelTimeout,
		@DefaultValue("5m") Duration dedupWindow, @Nullable String connectionFactory) {

	private static final String PREFIX = "nocobase.cluster.queue.";

	public QueueProperties {
		Limits.positive(PREFIX + "timeout", timeout);
		Limits.notNegative(PREFIX + "drain", drain);
		Limits.positive(PREFIX + "publish-timeout", publishTimeout);
		Limits.positive(PREFIX + "cancel-timeout", cancelTimeout);
		Limits.notNegative(PREFIX + "dedup-window", dedupWindow);
		positive("max-concurrency", maxConcurrency);
		positive("max-crashes", maxCrashes);
		positive("max-unconfirmed", maxUnconfirmed);
		positive("resend-buffer", resendBuffer);
	}

	private static void positive(String name, int value) {
		Assert.isTrue(value > 0, () -> PREFIX + name + " must be positive, but is " + value);
	}

}
