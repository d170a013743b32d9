package com.nocobase.cluster.lock;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.spel.support.StandardEvaluationContext;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

import com.nocobase.cluster.lock.Locked.OnBusy;

/**
 * What {@link Locked @Locked} says about one method.
 */
final class LockedMethod {

	static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

	/** What is returned before the work has ended; some of it is no dependency. */
	private static final List<String> ASYNCHRONOUS = List.of("java.util.concurrent.Future",
			"java.util.concurrent.CompletionStage", "java.util.concurrent.Flow$Publisher",
			"org.reactivestreams.Publisher");

	private final LockedText key;

	private final @Nullable LockedText ttl;

	private final @Nullable LockedText maxWait;

	private final @Nullable LockedText atLeast;

	private final OnBusy onBusy;

	/**
	 * Reads the annotation of a method.
	 * @param method the method
	 * @param locked its annotation
	 * @param placeholders resolves them
	 * @throws RuntimeException if it cannot work
	 */
	LockedMethod(Method method, Locked locked, UnaryOperator<String> placeholders) {
		checkReachable(method);
		checkSynchronous(method.getReturnType());
		Set<String> variables = variables(method);
		this.key = LockedText.of(placeholders.apply(locked.key()), variables);
		this.ttl = LockedText.ofNullable(placeholders.apply(locked.ttl()), variables);
		this.maxWait = LockedText.ofNullable(placeholders.apply(locked.maxWait()), variables);
		this.atLeast = LockedText.ofNullable(placeholders.apply(locked.atLeast()), variables);
		this.onBusy = locked.onBusy();
		if (this.key.isLiteral()) {
			Assert.hasText(key(new StandardEvaluationContext()), "the key must not be blank");
		}
		// What depends on an argument is not known before the call.
		options(new StandardEvaluationContext(), true);
	}

	private static void checkReachable(Method method) {
		int modifiers = method.getModifiers() | (method.getDeclaringClass().getModifiers() & Modifier.FINAL);
		Assert.isTrue((modifiers & (Modifier.PRIVATE | Modifier.STATIC | Modifier.FINAL)) == 0,
				"no proxy can reach a private, static or final method, or one of a final class");
	}

	private static void checkSynchronous(Class<?> returned) {
		for (String name : ASYNCHRONOUS) {
			ClassLoader loader = returned.getClassLoader();
			Assert.isTrue(
					!ClassUtils.isPresent(name, loader)
							|| !ClassUtils.resolveClassName(name, loader).isAssignableFrom(returned),
					() -> "it returns a " + returned.getSimpleName()
							+ ", so it would give the lock back before its work has ended");
		}
	}

	private static Set<String> variables(Method method) {
		Set<String> variables = new TreeSet<>(Set.of("#root", "#this"));
		@Nullable String @Nullable [] names = NAMES.getParameterNames(method);
		for (int i = 0; i < method.getParameterCount(); i++) {
			variables.add("#p" + i);
			variables.add("#a" + i);
			if (names != null) {
				variables.add("#" + names[i]);
			}
		}
		return variables;
	}

	String key(EvaluationContext context) {
		return this.key.evaluate(context);
	}

	LockOptions options(EvaluationContext context) {
		return options(context, false);
	}

	private LockOptions options(EvaluationContext context, boolean literalsOnly) {
		Duration wait = duration(this.maxWait, context, literalsOnly);
		if (wait == null && this.onBusy != OnBusy.WAIT) {
			wait = Duration.ZERO;
		}
		Duration least = duration(this.atLeast, context, literalsOnly);
		return new LockOptions(duration(this.ttl, context, literalsOnly), wait, null,
				(least != null) ? least : Duration.ZERO);
	}

	private static @Nullable Duration duration(@Nullable LockedText text, EvaluationContext context,
			boolean literalsOnly) {
		return (text != null && (!literalsOnly || text.isLiteral()))
				? DurationFormatterUtils.detectAndParse(text.evaluate(context)) : null;
	}

	boolean isSkippedIfBusy() {
		return this.onBusy == OnBusy.SKIP;
	}

}
