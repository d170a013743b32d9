package com.nocobase.cluster;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.ClusterPhases;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.LifecycleStep;
import com.nocobase.cluster.sync.SyncMessageManager;

/**
 * The application as one object, and the life of its plugins.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PluginProperties.class)
public final class ClusterConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ClusterApp nocobaseClusterApp(Instance instance, BeanFactory beans) {
		return new DefaultClusterApp(instance, beans);
	}

	@Bean
	LifecycleStep nocobaseClusterPlugins(ObjectProvider<Plugin> plugins, ObjectProvider<SyncMessageManager> manager,
			ClusterRuntime runtime, PluginProperties properties) {
		PluginLife life = new PluginLife(plugins, new PluginSubscriptions(manager), runtime, properties);
		return new LifecycleStep("plugins", ClusterPhases.PLUGINS, runtime.executor(), life::load, life::unload);
	}

}
