package com.nocobase.cluster.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.worker.WorkerIdConfiguration;
import com.nocobase.cluster.worker.WorkerMode;
import com.nocobase.cluster.worker.local.LocalWorkerIdConfiguration;
import com.nocobase.cluster.worker.redis.RedisWorkerIdConfiguration;

/**
 * What the instance serves, its worker id, and ids.
 */
@AutoConfiguration(after = { ClusterAutoConfiguration.class, ClusterRedisAutoConfiguration.class })
@ConditionalOnBean(ClusterRuntime.class)
@Import({ LocalWorkerIdConfiguration.class, RedisWorkerIdConfiguration.class, WorkerIdConfiguration.class })
public final class WorkerAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	WorkerMode workerMode(ClusterProperties properties) {
		return WorkerMode.of(properties.workerMode());
	}

}
