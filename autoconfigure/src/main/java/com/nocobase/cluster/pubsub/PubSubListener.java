package com.nocobase.cluster.pubsub;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Subscribes a method of a bean. It has exactly one parameter, the class of the messages,
 * and is called through the bean's proxy. A method that cannot work stops the start.
 *
 * <pre class="code">
 * &#64;PubSubListener(channel = "task.cancel")
 * void cancel(CancelRequested request) { … }
 * </pre>
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface PubSubListener {

	/**
	 * Returns the channel, local to the application. Placeholders and SpEL are resolved.
	 * @return the channel
	 */
	String channel();

	/**
	 * Returns how long a window stays open without a new message, see
	 * {@link SubscribeOptions#debounce()}. Placeholders and SpEL are resolved.
	 * @return a duration such as {@code 500ms}
	 */
	String debounce() default "0s";

}
