package com.nocobase.cluster;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of plugins.
 *
 * @param timeout Longest time that one hook of one plugin may take at the start.
 * @param unloadTimeout Longest time that one plugin may take to unload.
 */
@ConfigurationProperties("nocobase.cluster.plugin")
public record PluginProperties(@DefaultValue("5m") Duration timeout, @DefaultValue("5s") Duration unloadTimeout) {

	public PluginProperties {
		Assert.isTrue(timeout.compareTo(Duration.ZERO) > 0,
				() -> "nocobase.cluster.plugin.timeout must be positive, but is " + timeout);
		Assert.isTrue(unloadTimeout.compareTo(Duration.ZERO) > 0,
				() -> "nocobase.cluster.plugin.unload-timeout must be positive, but is " + unloadTimeout);
	}

}
