package com.nocobase.cluster.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the instance.
 *
 * @param enabled Whether the cluster's capabilities are there at all.
 * @param name Name of the application, the same on all of its instances. Default:
 * spring.application.name.
 * @param instanceId Id of this instance, unique among those that run. Default: random.
 * @param workerMode What this instance serves: empty for everything, ! for requests, *
 * for every key, - for nothing, keys such as task:process, or several of them separated
 * by commas.
 * @param maxPayload Largest JSON text of a message, a task or a cached value.
 */
@ConfigurationProperties("nocobase.cluster")
public record ClusterProperties(@DefaultValue("true") boolean enabled, @Nullable String name,
		@Nullable String instanceId, @DefaultValue("") String workerMode, @DefaultValue("1MB") DataSize maxPayload) {

	public ClusterProperties {
		Assert.isTrue(maxPayload.toBytes() > 0,
				() -> "nocobase.cluster.max-payload must be positive, but is " + maxPayload);
	}

	/**
	 * Returns the name of the application.
	 * @param applicationName name to use where none is set
	 * @return the name, blank if there is none
	 */
	String nameOr(String applicationName) {
		return StringUtils.hasText(this.name) ? this.name : applicationName;
	}

}
