package com.nocobase.cluster.sync;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.member.ClusterMembers;
import com.nocobase.cluster.message.MessageCodec;
import com.nocobase.cluster.support.Adapters;
import com.nocobase.cluster.support.AnnotatedMethods;
import com.nocobase.cluster.support.ClusterPhases;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.LifecycleStep;
import com.nocobase.cluster.support.Signals;
import com.nocobase.cluster.tx.AfterCommit;
import com.nocobase.cluster.tx.Transactions;

/**
 * The manager on top of the chosen adapter, and the annotated listeners.
 */
@Configuration(proxyBeanMethods = false)
public final class SyncConfiguration {

	@Bean
	static AnnotatedMethods<SyncListener> nocobaseClusterSyncListeners(ObjectProvider<SyncMessageManager> manager,
			ObjectProvider<Signals> signals) {
		return new AnnotatedMethods<>(SyncListener.class,
				(method, listener, values) -> new SyncListeners(manager.getObject(), signals.getObject())
					.register(method, listener, values));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(SyncMessageManager.class)
	static class ManagerConfiguration {

		@Bean
		ClusterSync nocobaseClusterSync(ListableBeanFactory beans, SyncProperties properties, MessageCodec codec,
				ObjectProvider<ClusterMembers> members, Transactions transactions, ClusterRuntime runtime,
				Signals signals) {
			SyncAdapter adapter = Adapters.named(beans, SyncAdapter.class, "nocobase.cluster.sync.adapter",
					properties.adapter());
			AfterCommit afterCommit = new AfterCommit("sync", transactions, runtime, signals,
					properties.resendBuffer());
			return new ClusterSync(adapter, properties, codec, members::getIfAvailable, afterCommit, runtime, signals);
		}

		@Bean
		LifecycleStep nocobaseClusterSyncConnection(ClusterSync sync, ClusterRuntime runtime) {
			return new LifecycleStep("connection of sync messages", ClusterPhases.SYNC_POSITION, runtime.executor(),
					sync::connect, sync::disconnect);
		}

		@Bean
		LifecycleStep nocobaseClusterSyncDelivery(ClusterSync sync, ClusterRuntime runtime) {
			return new LifecycleStep("delivery of sync messages", ClusterPhases.DELIVERY, runtime.executor(),
					sync::startDelivery, sync::stopDelivery);
		}

	}

}
