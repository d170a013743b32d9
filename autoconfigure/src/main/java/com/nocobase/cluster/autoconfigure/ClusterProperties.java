package com.nocobase.cluster.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the instance.
 *
 * @param name Name of the application, the same on all of its instances. Default:
 * spring.application.name.
 * @param instanceId Id of this instance, unique among those that run. Default: random.
 * @param workerMode What this instance serves: empty for everything, ! for requests, *
 * for every key, - for nothing, keys such as task:process, or several of them separated
 * by commas.
 * @param maxPayload Largest JSON text of a message, a task or a cached value.
 * @param plugin Settings of plugins.
 */
@ConfigurationProperties("nocobase.cluster")
public record ClusterProperties(@Nullable String name, @Nullable String instanceId, @DefaultValue("") String workerMode,
		@DefaultValue("1MB") DataSize maxPayload, @DefaultValue PluginSettings plugin) {

	public ClusterProperties {
		Assert.isTrue(maxPayload.toBytes() > 0,
				() -> "nocobase.cluster.max-payload must be positive, but is " + maxPayload);
	}

	/**
	 * Settings of plugins.
	 *
	 * @param timeout Longest time that one hook of one plugin may take.
	 */
	public record PluginSettings(@DefaultValue("5m") Duration timeout) {

		public PluginSettings {
			Assert.isTrue(timeout.compareTo(Duration.ZERO) > 0,
					() -> "nocobase.cluster.plugin.timeout must be positive, but is " + timeout);
		}

	}

}
