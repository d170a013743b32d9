package com.nocobase.cluster.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;

import com.nocobase.cluster.redis.RedisConfiguration;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * What all capabilities on Redis share, as soon as there is one.
 */
@AutoConfiguration(after = ClusterAutoConfiguration.class,
		afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnClass(name = { "org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory",
		"org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer",
		"io.lettuce.core.RedisClient" })
@ConditionalOnBean(ClusterRuntime.class)
@Conditional(OnRedisInUse.class)
@Import(RedisConfiguration.class)
public final class ClusterRedisAutoConfiguration {

}
