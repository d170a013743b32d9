package com.nocobase.cluster.cache;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * The caches behind Spring's annotations, where the application has chosen no others.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(SpringCacheConfiguration.NoOtherChoice.class)
@ConditionalOnMissingBean(value = CacheManager.class, name = "cacheResolver")
class SpringCacheConfiguration {

	@Bean
	CacheManager nocobaseClusterSpringCacheManager(ClusterCacheManager caches) {
		return caches.asSpring();
	}

	@Bean
	@ConditionalOnMissingBean
	CachingConfigurer nocobaseClusterCachingConfigurer(
			@Qualifier("nocobaseClusterSpringCacheManager") CacheManager caches) {
		return new ClusterCachingConfigurer(caches);
	}

	/**
	 * The application has not set {@code spring.cache.type}.
	 */
	static final class NoOtherChoice extends NoneNestedConditions {

		NoOtherChoice() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnProperty("spring.cache.type")
		static final class SpringCacheType {

		}

	}

}
