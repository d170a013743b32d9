package com.nocobase.cluster.member.redis;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.member.MemberAdapter;
import com.nocobase.cluster.member.MemberProperties;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.redis.RedisServers;

/**
 * Members on Redis, also where no adapter is named and any capability uses Redis.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "nocobase.cluster.members.adapter", havingValue = MemberProperties.REDIS,
		matchIfMissing = true)
@ConditionalOnBean(RedisServers.class)
public final class RedisMemberConfiguration {

	@Bean
	MemberAdapter redisMemberAdapter(RedisServers servers, MemberProperties properties, Instance instance) {
		return new RedisMembers(
				servers.server("nocobase.cluster.members.connection-factory", properties.connectionFactory()),
				instance);
	}

}
