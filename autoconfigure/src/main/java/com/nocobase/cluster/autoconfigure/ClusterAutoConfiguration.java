package com.nocobase.cluster.autoconfigure;

import java.math.BigInteger;
import java.util.UUID;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.util.StringUtils;
import tools.jackson.databind.json.JsonMapper;

import com.nocobase.cluster.memory.MemoryBroker;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.JsonCodec;
import com.nocobase.cluster.message.MessageCodec;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Signals;
import com.nocobase.cluster.tx.Transactions;

/**
 * What every capability stands on: who this instance is, threads, codecs and the
 * in-process broker.
 */
@AutoConfiguration(afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnBooleanProperty(name = "nocobase.cluster.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ClusterProperties.class)
@Import(ClusterThreadsConfiguration.class)
public final class ClusterAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Instance nocobaseClusterInstance(ClusterProperties properties,
			@Value("${spring.application.name:}") String applicationName) {
		String name = properties.nameOr(applicationName);
		String id = StringUtils.hasText(properties.instanceId()) ? properties.instanceId()
				: new BigInteger(UUID.randomUUID().toString().replace("-", ""), 16).toString(36);
		return new Instance(StringUtils.hasText(name) ? name : "application", id);
	}

	@Bean
	@ConditionalOnMissingBean
	JsonCodec nocobaseClusterJsonCodec(ObjectProvider<JsonMapper> mapper, ClusterProperties properties) {
		return new JsonCodec(mapper.getIfAvailable(() -> JsonMapper.builder().build()), properties.maxPayload());
	}

	@Bean
	@ConditionalOnMissingBean
	MessageCodec nocobaseClusterMessageCodec(JsonCodec json, Instance instance, ClusterRuntime runtime) {
		return new MessageCodec(json, instance, runtime.clock());
	}

	@Bean
	@ConditionalOnMissingBean
	Transactions nocobaseClusterTransactions() {
		return Transactions.detect();
	}

	@Bean
	@ConditionalOnMissingBean
	Signals nocobaseClusterSignals() {
		return Signals.NONE;
	}

	@Bean
	@ConditionalOnMissingBean
	MemoryBroker nocobaseClusterMemoryBroker() {
		return new MemoryBroker();
	}

}
