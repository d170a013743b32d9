package com.nocobase.cluster.sync;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of sync messages.
 *
 * @param enabled Whether there are sync messages.
 * @param adapter Log of sync messages: memory, or the name of a SyncAdapter bean.
 * @param debounce Time that a window stays open without a new message, where a
 * subscription sets none. Zero hands over each message at once.
 * @param retries How often a handler that threw is called again before its subscription
 * is resynced.
 * @param backlog Most messages that wait for one subscription's handler, and most
 * distinct ones in its debounce window. What comes on top is replaced by a resync.
 * @param resendBuffer Most messages that wait to be sent again after a commit. What comes
 * on top fails.
 */
@ConfigurationProperties("nocobase.cluster.sync")
public record SyncProperties(@DefaultValue("true") boolean enabled, @DefaultValue("memory") String adapter,
		@DefaultValue("1s") Duration debounce, @DefaultValue("3") int retries, @DefaultValue("10000") int backlog,
		@DefaultValue("1000") int resendBuffer) {

	public SyncProperties {
		Assert.hasText(adapter, "nocobase.cluster.sync.adapter must not be blank");
		Assert.isTrue(!debounce.isNegative(),
				() -> "nocobase.cluster.sync.debounce must not be negative, but is " + debounce);
		Assert.isTrue(retries >= 0, () -> "nocobase.cluster.sync.retries must not be negative, but is " + retries);
		Assert.isTrue(backlog > 0, () -> "nocobase.cluster.sync.backlog must be positive, but is " + backlog);
		Assert.isTrue(resendBuffer > 0,
				() -> "nocobase.cluster.sync.resend-buffer must be positive, but is " + resendBuffer);
	}

}
