package com.nocobase.cluster.lock;

import java.util.Arrays;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if the adapter that the configuration names has fencing tokens.
 */
final class OnFencedLockAdapter implements ConfigurationCondition {

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
		String name = context.getEnvironment().getProperty("nocobase.cluster.lock.adapter", "local");
		ConfigurableListableBeanFactory beans = context.getBeanFactory();
		return beans != null && Arrays
			.stream(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, FencedLockAdapter.class, true, false))
			.anyMatch((bean) -> bean.equals(name) || bean.equals(name + LockAdapter.class.getSimpleName()));
	}

}
