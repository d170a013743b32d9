package com.nocobase.cluster.pubsub.redis;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.pubsub.PubSubManager;
import com.nocobase.cluster.pubsub.SubscribeOptions;
import com.nocobase.cluster.support.SignalCounts;

/**
 * What an instance hears on a channel, and that it missed something.
 */
final class Heard {

	static final String MISSED = "missed";

	private final List<String> events = new CopyOnWriteArrayList<>();

	private final SignalCounts signals;

	Heard(ConfigurableApplicationContext instance, String channel) {
		this.signals = instance.getBean(SignalCounts.class);
		instance.getBean(PubSubManager.class)
			.subscribe(channel, String.class, SubscribeOptions.DEFAULTS.withOnMissed(() -> this.events.add(MISSED)),
					this.events::add);
	}

	List<String> events() {
		return this.events;
	}

	int losses() {
		return this.signals.of("pubsub.lost");
	}

}
