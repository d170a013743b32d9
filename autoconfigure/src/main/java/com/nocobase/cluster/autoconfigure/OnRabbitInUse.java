package com.nocobase.cluster.autoconfigure;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if the configuration puts any capability on RabbitMQ.
 */
final class OnRabbitInUse implements Condition {

	@Override
	public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
		return ServersInUse.rabbit(context.getEnvironment());
	}

}
