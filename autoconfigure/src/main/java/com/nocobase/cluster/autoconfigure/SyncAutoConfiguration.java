package com.nocobase.cluster.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.sync.SyncConfiguration;
import com.nocobase.cluster.sync.SyncProperties;
import com.nocobase.cluster.sync.memory.MemorySyncConfiguration;

/**
 * Sync messages.
 */
@AutoConfiguration(after = ClusterAutoConfiguration.class)
@ConditionalOnBean(ClusterRuntime.class)
@ConditionalOnBooleanProperty(name = "nocobase.cluster.sync.enabled", matchIfMissing = true)
@EnableConfigurationProperties(SyncProperties.class)
@Import({ MemorySyncConfiguration.class, SyncConfiguration.class })
public final class SyncAutoConfiguration {

}
