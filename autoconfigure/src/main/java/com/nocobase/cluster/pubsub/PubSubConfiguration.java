package com.nocobase.cluster.pubsub;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

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
public final class PubSubConfiguration {

	@Bean
	static AnnotatedMethods<PubSubListener> nocobaseClusterPubSubListeners(ObjectProvider<PubSubManager> manager) {
		return new AnnotatedMethods<>(PubSubListener.class,
				(method, listener, values) -> PubSubListeners.register(manager.getObject(), method, listener, values));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(PubSubManager.class)
	static class ManagerConfiguration {

		@Bean
		ClusterPubSub nocobaseClusterPubSub(ListableBeanFactory beans, PubSubProperties properties, MessageCodec codec,
				Transactions transactions, ClusterRuntime runtime, Signals signals) {
			PubSubAdapter adapter = Adapters.named(beans, PubSubAdapter.class, "nocobase.cluster.pubsub.adapter",
					properties.adapter());
			AfterCommit afterCommit = new AfterCommit("pubsub", transactions, runtime, signals,
					properties.resendBuffer());
			PubSubSender sender = new PubSubSender(codec, runtime, afterCommit, properties);
			LocalSubscriptions subscriptions = new LocalSubscriptions(codec, runtime, signals, properties.backlog());
			return new ClusterPubSub(properties.adapter(), adapter, subscriptions, codec, afterCommit, sender);
		}

		@Bean
		LifecycleStep nocobaseClusterPubSubConnection(ClusterPubSub pubSub, ClusterRuntime runtime) {
			return new LifecycleStep("connection of pub/sub", ClusterPhases.CONNECTIONS, runtime.executor(),
					pubSub::connect, pubSub::disconnect);
		}

		@Bean
		LifecycleStep nocobaseClusterPubSubDelivery(ClusterPubSub pubSub, ClusterRuntime runtime) {
			return new LifecycleStep("delivery of pub/sub", ClusterPhases.DELIVERY, runtime.executor(),
					pubSub::startDelivery, pubSub::stopDelivery);
		}

	}

}
