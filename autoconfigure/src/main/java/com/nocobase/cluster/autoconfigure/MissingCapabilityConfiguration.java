package com.nocobase.cluster.autoconfigure;

import java.lang.annotation.Annotation;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.lock.LockManager;
import com.nocobase.cluster.lock.Locked;
import com.nocobase.cluster.pubsub.PubSubListener;
import com.nocobase.cluster.pubsub.PubSubManager;
import com.nocobase.cluster.queue.EventQueue;
import com.nocobase.cluster.queue.QueueListener;
import com.nocobase.cluster.support.AnnotatedMethods;
import com.nocobase.cluster.sync.SyncListener;
import com.nocobase.cluster.sync.SyncMessageManager;

/**
 * Refuses annotated methods whose capability is switched off: they would run without
 * their lock, or never be called, in silence.
 */
@Configuration(proxyBeanMethods = false)
class MissingCapabilityConfiguration {

	@Bean
	@ConditionalOnMissingBean(LockManager.class)
	static AnnotatedMethods<Locked> nocobaseClusterLockedWithoutLocks() {
		return refusing(Locked.class, "lock");
	}

	@Bean
	@ConditionalOnMissingBean(PubSubManager.class)
	static AnnotatedMethods<PubSubListener> nocobaseClusterListenersWithoutPubSub() {
		return refusing(PubSubListener.class, "pubsub");
	}

	@Bean
	@ConditionalOnMissingBean(SyncMessageManager.class)
	static AnnotatedMethods<SyncListener> nocobaseClusterListenersWithoutSync() {
		return refusing(SyncListener.class, "sync");
	}

	@Bean
	@ConditionalOnMissingBean(EventQueue.class)
	static AnnotatedMethods<QueueListener> nocobaseClusterListenersWithoutQueue() {
		return refusing(QueueListener.class, "queue");
	}

	private static <A extends Annotation> AnnotatedMethods<A> refusing(Class<A> annotation, String capability) {
		return new AnnotatedMethods<>(annotation, (method, declared, values) -> {
			throw new IllegalStateException("nocobase.cluster.%s.enabled is false".formatted(capability));
		});
	}

}
