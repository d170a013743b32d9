package com.nocobase.cluster.redis;

import java.util.Collection;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.log.LogMessage;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import com.nocobase.cluster.support.ClusterConfigurationException;

/**
 * Stops the start where keys that must not vanish lie on a server that removes keys when
 * its memory is full. Where the server does not tell, as an ACL forbids it to ask, it
 * warns.
 */
final class EvictionCheck {

	private static final Log logger = LogFactory.getLog(EvictionCheck.class);

	private static final String POLICY = "maxmemory-policy";

	private EvictionCheck() {
	}

	static void check(String name, RedisConnectionFactory factory, Collection<String> capabilities) {
		Set<String> evicting = policies(name, factory);
		evicting.remove("noeviction");
		if (!evicting.isEmpty()) {
			throw new ClusterConfigurationException(
					"Redis ('%s') holds %s, but its %s is %s: it may remove them in silence".formatted(name,
							capabilities, POLICY, evicting),
					"Set %s of the server to noeviction, name another server by ".formatted(POLICY)
							+ "nocobase.cluster.<capability>.connection-factory, or bear the risk with "
							+ "nocobase.cluster.redis.allow-eviction: true.");
		}
	}

	private static Set<String> policies(String name, RedisConnectionFactory factory) {
		Set<String> policies = new TreeSet<>();
		try (RedisConnection connection = factory.getConnection()) {
			Properties answer = connection.serverCommands().getConfig(POLICY);
			if (answer != null) {
				answer.values().forEach((policy) -> policies.add(policy.toString()));
			}
		}
		catch (DataAccessException ex) {
			logger.debug(LogMessage.format("Redis ('%s') does not tell its %s", name, POLICY), ex);
		}
		if (policies.isEmpty()) {
			logger.warn(LogMessage.format("Redis ('%s') does not tell its %s; make sure that it is noeviction", name,
					POLICY));
		}
		return policies;
	}

}
