package com.nocobase.cluster.lock;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;

/**
 * The method runs under a lock, as with {@link LockManager#runExclusive}. The lock lies
 * outside of {@code @Transactional}: it is given back after the commit.
 * <p>
 * Texts may hold placeholders and SpEL between <code>#{</code> and <code>}</code>, which
 * sees the arguments as {@code @Cacheable} does: {@code #name}, {@code #p0},
 * {@code #root.args}, and other beans as {@code @name}:
 *
 * <pre class="code">
 * &#64;Locked("data-source:fields:#{#collection}")
 * public void removeField(String collection, String field) { … }
 * </pre>
 *
 * A method that ends before its work does, one that returns a {@code Future}, a
 * {@code CompletionStage} or a {@code Publisher}, stops the start, as does a text that
 * cannot be read and a method that no proxy can reach.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Locked {

	/**
	 * Same as {@link #key()}.
	 * @return the key
	 */
	@AliasFor("key")
	String value() default "";

	/**
	 * Returns the key, local to the application.
	 * @return the key
	 */
	@AliasFor("value")
	String key() default "";

	/**
	 * Returns how long the lock outlives a crash, such as {@code 30s} or {@code PT30S}.
	 * @return the time; default {@code nocobase.cluster.lock.ttl}
	 */
	String ttl() default "";

	/**
	 * Returns how long to wait for the lock.
	 * @return the time; default {@code nocobase.cluster.lock.max-wait} with
	 * {@link OnBusy#WAIT}, else not at all
	 */
	String maxWait() default "";

	/**
	 * Returns how long the lock is kept even if the method ends sooner, for jobs that run
	 * once per tick on many clocks.
	 * @return the time; default none
	 */
	String atLeast() default "";

	/**
	 * Returns what to do if another holder is in.
	 * @return what to do
	 */
	OnBusy onBusy() default OnBusy.WAIT;

	/**
	 * What to do if another holder is in.
	 */
	enum OnBusy {

		/** Wait; a {@link LockTimeoutException} if it takes too long. */
		WAIT,

		/**
		 * Do not run, and return {@code null}, zero, {@code false} or an empty
		 * {@code Optional}.
		 */
		SKIP,

		/** Fail with a {@link LockTimeoutException}. */
		FAIL

	}

}
