package com.nocobase.cluster.actuate;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import com.nocobase.cluster.support.Signals;

/**
 * Counts in meters such as {@code nocobase.cluster.pubsub.dropped}, tagged with the
 * channel or cache.
 */
class MicrometerSignals implements Signals {

	private final MeterRegistry registry;

	MicrometerSignals(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void count(String event, String subject) {
		Counter.builder("nocobase.cluster." + event).tag("subject", subject).register(this.registry).increment();
	}

}
