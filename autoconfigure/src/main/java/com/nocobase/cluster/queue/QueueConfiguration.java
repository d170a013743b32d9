package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.function.Predicate;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
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
import com.nocobase.cluster.worker.WorkerMode;

/**
 * Beans of the event queue that are the same for every adapter.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(QueueProperties.class)
public final class QueueConfiguration {

	@Bean
	static AnnotatedMethods<QueueListener> nocobaseClusterQueueListeners(ObjectProvider<EventQueue> queue) {
		return new AnnotatedMethods<>(QueueListener.class, new QueueListeners(queue::getObject));
	}

	/**
	 * Our own event queue, unless the application has one.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(EventQueue.class)
	static class Managed {

		private static final Duration DEFAULT_PHASE = Duration.ofSeconds(30);

		@Bean
		QueueManager nocobaseClusterEventQueue(ListableBeanFactory beans, QueueProperties properties,
				MessageCodec codec, ClusterRuntime runtime, Signals signals, Transactions transactions,
				ObjectProvider<WorkerMode> workerMode, ObjectProvider<LifecycleProperties> lifecycle) {
			QueueAdapter adapter = Adapters.named(beans, QueueAdapter.class, "nocobase.cluster.queue.adapter",
					properties.adapter());
			AfterCommit afterCommit = new AfterCommit("queue", transactions, runtime, signals,
					properties.resendBuffer());
			LifecycleProperties phases = lifecycle.getIfAvailable();
			Drain drain = Drain.within(properties.drain(),
					(phases != null) ? phases.getTimeoutPerShutdownPhase() : DEFAULT_PHASE);
			WorkerMode mode = workerMode.getIfAvailable();
			Predicate<String> serving = (mode != null) ? mode::serving : (key) -> true;
			return new QueueManager(new QueueResources(adapter, codec, runtime, signals, properties), afterCommit,
					drain, serving);
		}

		@Bean
		LifecycleStep nocobaseClusterQueueConnection(QueueManager queue, ClusterRuntime runtime) {
			return new LifecycleStep("connection of the event queue", ClusterPhases.CONNECTIONS, runtime.executor(),
					queue::connect, queue::disconnect);
		}

		@Bean
		LifecycleStep nocobaseClusterQueueConsumers(QueueManager queue, ClusterRuntime runtime) {
			return new LifecycleStep("consumers of the event queue", ClusterPhases.CONSUMERS, runtime.executor(),
					queue::startConsumers, queue::stopConsumers);
		}

	}

}
