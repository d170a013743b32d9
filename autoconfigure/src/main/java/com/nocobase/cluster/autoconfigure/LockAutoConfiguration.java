package com.nocobase.cluster.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

import com.nocobase.cluster.lock.LockConfiguration;
import com.nocobase.cluster.lock.LockProperties;
import com.nocobase.cluster.lock.lease.RedisLeaseConfiguration;
import com.nocobase.cluster.lock.local.LocalLockConfiguration;
import com.nocobase.cluster.lock.registry.RegistryLockConfiguration;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Locks that hold across instances.
 */
@AutoConfiguration(after = { ClusterAutoConfiguration.class, ClusterRedisAutoConfiguration.class },
		afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnBean(ClusterRuntime.class)
@ConditionalOnBooleanProperty(name = "nocobase.cluster.lock.enabled", matchIfMissing = true)
@EnableConfigurationProperties(LockProperties.class)
@Import({ LocalLockConfiguration.class, RegistryLockConfiguration.class, RedisLeaseConfiguration.class,
		LockConfiguration.class })
public final class LockAutoConfiguration {

}
