package com.nocobase.cluster.cache;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.JsonCodec;
import com.nocobase.cluster.support.Adapters;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Signals;
import com.nocobase.cluster.tx.Transactions;

/**
 * The caches over the store that the configuration names.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CacheProperties.class)
@Import(SpringCacheConfiguration.class)
public final class CacheConfiguration {

	@Bean
	@ConditionalOnMissingBean(ClusterCacheManager.class)
	NamedCaches nocobaseClusterCacheManager(ListableBeanFactory beans, CacheProperties properties, Instance instance,
			JsonCodec json, Transactions transactions, ClusterRuntime runtime, Signals signals) {
		CacheStore store = Adapters.named(beans, CacheStore.class, "nocobase.cluster.cache.store", properties.store());
		CacheStores stores = new CacheStores(properties.store(), store,
				BeanFactoryUtils.beansOfTypeIncludingAncestors(beans, CacheStore.class));
		CacheContext context = new CacheContext(transactions, runtime, signals);
		CacheOpening opening = new CacheOpening(properties, stores, instance, json, context);
		return new NamedCaches(stores, opening, new CacheKeys(json), context);
	}

}
