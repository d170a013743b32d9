package com.nocobase.cluster.autoconfigure;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

import com.nocobase.cluster.lock.FencedLockManager;
import com.nocobase.cluster.queue.Dedup;
import com.nocobase.cluster.queue.Priority;
import com.nocobase.cluster.queue.TaskLookup;

/**
 * Explains a bean that asks for an ability which the chosen adapter does not have.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class MissingAbilityFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

	private static final Ability QUEUE = new Ability("nocobase.cluster.queue.adapter", "memory", "memory or redis");

	private static final Map<Class<?>, Ability> ABILITIES = Map.of(TaskLookup.class, QUEUE, Dedup.class, QUEUE,
			Priority.class, QUEUE, FencedLockManager.class,
			new Ability("nocobase.cluster.lock.adapter", "local", "local or redis-lease"));

	private final Environment environment;

	MissingAbilityFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
		Class<?> type = (cause.getResolvableType() != null) ? cause.getResolvableType().resolve() : null;
		Ability ability = (type != null) ? ABILITIES.get(type) : null;
		if (type == null || ability == null) {
			return null;
		}
		String adapter = this.environment.getProperty(ability.property, ability.usual);
		return new FailureAnalysis(
				"A bean asks for a %s, but %s is '%s', which has no such ability.".formatted(type.getSimpleName(),
						ability.property, adapter),
				"Set %s to %s, or ask for an ObjectProvider<%s> and do without it.".formatted(ability.property,
						ability.having, type.getSimpleName()),
				cause);
	}

	/**
	 * What an ability depends on.
	 *
	 * @param property names the adapter
	 * @param usual the adapter where nothing is named
	 * @param having adapters that have the ability
	 */
	private record Ability(String property, String usual, String having) {

	}

}
