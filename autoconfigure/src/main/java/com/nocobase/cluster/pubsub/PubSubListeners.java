package com.nocobase.cluster.pubsub;

import java.time.Duration;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.Assert;

import com.nocobase.cluster.support.AnnotatedMethods.Values;
import com.nocobase.cluster.support.BeanMethod;

/**
 * Subscribes methods that carry {@link PubSubListener}.
 */
final class PubSubListeners {

	private PubSubListeners() {
	}

	static void register(PubSubManager manager, BeanMethod method, PubSubListener listener, Values values) {
		Class<?>[] parameters = method.method().getParameterTypes();
		Assert.isTrue(parameters.length == 1, "it must have exactly one parameter, the class of the messages");
		String channel = values.resolve(listener.channel());
		Duration debounce = DurationStyle.detectAndParse(values.resolve(listener.debounce()));
		manager.subscribe(channel, parameters[0], SubscribeOptions.DEFAULTS.withDebounce(debounce),
				(message) -> method.invoke(message));
	}

}
