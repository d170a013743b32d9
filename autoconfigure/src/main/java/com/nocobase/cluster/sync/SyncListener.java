package com.nocobase.cluster.sync;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Subscribes a method of a bean to sync messages. It has exactly one parameter,
 * {@link SyncMessage} or the class of the messages; messages of other types are then
 * counted and skipped. It is called through the bean's proxy. A method that cannot work
 * stops the start.
 *
 * <pre class="code">
 * &#64;SyncListener(channel = "role", resync = "reload")
 * void changed(RoleChanged role) { … }
 *
 * void reload() { … }
 * </pre>
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface SyncListener {

	/**
	 * Returns the channel, local to the application. Placeholders and SpEL are resolved.
	 * @return the channel
	 */
	String channel();

	/**
	 * Returns the name of a method of the same bean, without parameters, that reloads
	 * everything when messages may have been missed. Without one, what was missed is
	 * logged as an error.
	 * @return the name of the method
	 */
	String resync() default "";

	/**
	 * Returns how long a window stays open without a new message, see
	 * {@link SyncOptions#debounce()}. Placeholders and SpEL are resolved.
	 * @return a duration such as {@code 500ms}, empty for
	 * {@code nocobase.cluster.sync.debounce}
	 */
	String debounce() default "";

}
