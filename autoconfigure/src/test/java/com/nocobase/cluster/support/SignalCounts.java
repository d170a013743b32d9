package com.nocobase.cluster.support;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers what was counted.
 */
public final class SignalCounts implements Signals {

	private final Map<String, Integer> counts = new ConcurrentHashMap<>();

	@Override
	public void count(String event, String subject) {
		this.counts.merge(event, 1, Integer::sum);
	}

	public int of(String event) {
		return this.counts.getOrDefault(event, 0);
	}

}
