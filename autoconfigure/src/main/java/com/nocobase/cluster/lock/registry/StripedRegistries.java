package com.nocobase.cluster.lock.registry;

import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

/**
 * Versions of Spring Integration whose registries share one local lock between several
 * keys: of two such keys held by one thread, the first stays locked after its release.
 */
final class StripedRegistries {

	private static final Log logger = LogFactory.getLog(StripedRegistries.class);

	private static final Set<String> VERSIONS = Set.of("7.0.5", "7.1.0");

	private StripedRegistries() {
	}

	/**
	 * Warns if a registry is one of them.
	 * @param registry the class of the registry
	 */
	static void warn(Class<?> registry) {
		String version = registry.getPackage().getImplementationVersion();
		if (registry.getName().startsWith("org.springframework.integration.") && isStriped(version)) {
			logger.warn(LogMessage.format(
					"%s of Spring Integration %s leaks locks where it is used for several keys; "
							+ "set spring-integration.version to 7.0.4, or to 7.0.6, 7.1.1 or later",
					registry.getSimpleName(), version));
		}
	}

	static boolean isStriped(@Nullable String version) {
		return version != null && VERSIONS.contains(version);
	}

}
