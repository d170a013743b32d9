package com.nocobase.cluster.lock.registry;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.core.env.Environment;
import org.springframework.integration.support.locks.LockRegistry;

import com.nocobase.cluster.lock.LockAdapter;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Adds an adapter for the {@link LockRegistry} bean that is named as one, whoever defines
 * it. An adapter of that name wins.
 */
final class NamedLockRegistry implements BeanDefinitionRegistryPostProcessor {

	private final String name;

	NamedLockRegistry(Environment environment) {
		this.name = environment.getProperty("nocobase.cluster.lock.adapter", "local");
	}

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		String adapter = this.name + LockAdapter.class.getSimpleName();
		if (registry instanceof ConfigurableListableBeanFactory beans && beans.containsBean(this.name)
				&& beans.isTypeMatch(this.name, LockRegistry.class) && !beans.containsBean(adapter)) {
			registry.registerBeanDefinition(adapter,
					BeanDefinitionBuilder.rootBeanDefinition(NamedLockRegistry.class, "locks")
						.addConstructorArgReference(this.name)
						.setAutowireMode(AbstractBeanDefinition.AUTOWIRE_CONSTRUCTOR)
						.setDestroyMethodName(AbstractBeanDefinition.INFER_METHOD)
						.getBeanDefinition());
		}
	}

	static RegistryLocks locks(LockRegistry<?> registry, Instance instance, ClusterRuntime runtime) {
		StripedRegistries.warn(registry.getClass());
		return new RegistryLocks(new LaneHolds(registry, instance.app(), runtime.executor()), runtime);
	}

}
