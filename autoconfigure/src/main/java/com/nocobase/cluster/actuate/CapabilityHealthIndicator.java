package com.nocobase.cluster.actuate;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.CapabilityHealth;

/**
 * The health of one capability, as it tells it of itself.
 */
class CapabilityHealthIndicator extends AbstractHealthIndicator {

	private final Capability capability;

	CapabilityHealthIndicator(Capability capability) {
		super("The health of " + capability.name() + " could not be told");
		this.capability = capability;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		CapabilityHealth health = this.capability.health();
		builder.status(health.up() ? "UP" : "DOWN")
			.withDetail("adapter", this.capability.adapter())
			.withDetails(health.details());
	}

}
