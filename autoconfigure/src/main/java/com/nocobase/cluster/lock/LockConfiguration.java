package com.nocobase.cluster.lock;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.Adapters;
import com.nocobase.cluster.support.AnnotatedMethods;
import com.nocobase.cluster.support.ClusterPhases;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.LifecycleStep;
import com.nocobase.cluster.support.Signals;
import com.nocobase.cluster.tx.Transactions;

/**
 * The lock manager of the adapter that is named, and {@link Locked @Locked}.
 */
@Configuration(proxyBeanMethods = false)
public final class LockConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static LockedMethods nocobaseLockedMethods() {
		return new LockedMethods();
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static LockedPostProcessor nocobaseLockedPostProcessor(LockedMethods methods, ObjectProvider<LockManager> locks,
			Environment environment) {
		LockedPostProcessor processor = new LockedPostProcessor(methods, locks);
		processor
			.setProxyTargetClass(environment.getProperty("spring.aop.proxy-target-class", Boolean.class, Boolean.TRUE));
		return processor;
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static AnnotatedMethods<Locked> nocobaseLockedMethodsCheck(LockedMethods methods) {
		return new AnnotatedMethods<>(Locked.class,
				(method, locked, values) -> methods.check(method.bean(), method.method()));
	}

	/** What our own manager is made of. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(LockManager.class)
	static class ManagerConfiguration {

		@Bean
		LeaseKeeper nocobaseLeaseKeeper(ListableBeanFactory beans, LockProperties properties, ClusterRuntime runtime,
				Signals signals) {
			LockAdapter adapter = Adapters.named(beans, LockAdapter.class, "nocobase.cluster.lock.adapter",
					properties.adapter());
			return new LeaseKeeper(properties.adapter(), adapter, runtime, signals);
		}

		@Bean
		LifecycleStep nocobaseLockLifecycle(LeaseKeeper keeper, ClusterRuntime runtime) {
			return new LifecycleStep("locks", ClusterPhases.LEASES, runtime.executor(), keeper::start, keeper::stop);
		}

		@Bean("lockManager")
		@Conditional(OnFencedLockAdapter.class)
		FencedLocks fencedLockManager(LockProperties properties, Instance instance, Transactions transactions,
				LeaseKeeper keeper) {
			return new FencedLocks(new Leases<>(properties, instance, transactions, keeper, HeldFencedLease::new),
					keeper);
		}

		@Bean("lockManager")
		@ConditionalOnMissingBean(LockManager.class)
		PlainLocks lockManager(LockProperties properties, Instance instance, Transactions transactions,
				LeaseKeeper keeper) {
			return new PlainLocks(new Leases<>(properties, instance, transactions, keeper, HeldLease::new), keeper);
		}

	}

}
