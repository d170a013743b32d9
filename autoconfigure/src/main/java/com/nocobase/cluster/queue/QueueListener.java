package com.nocobase.cluster.queue;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method of a bean the handler of a channel. It takes the task, and the
 * {@link TaskContext} as a second parameter if it wants to. Texts may have placeholders
 * and SpEL. A method that cannot work stops the start.
 */
@Documented
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
public @interface QueueListener {

	/**
	 * Returns the channel.
	 * @return its name
	 */
	String channel();

	/**
	 * Returns how many tasks run at once.
	 * @return a number; zero or less for {@code nocobase.cluster.queue.max-concurrency}
	 */
	String concurrency() default "1";

	/**
	 * Returns a key of the worker mode: tasks are taken only where it is served.
	 * @return the key; empty takes them everywhere
	 */
	String serving() default "";

	/**
	 * Returns whether the channel is one that applications share.
	 * @return whether it is
	 */
	boolean shared() default false;

	/**
	 * Returns how long the method may take, such as {@code 30s}.
	 * @return the timeout; empty leaves it to the publisher
	 */
	String timeout() default "";

}
