package com.nocobase.cluster.support;

import java.util.Map;

/**
 * How a capability is right now.
 *
 * @param up whether it keeps its promises; {@code false} means that something was lost,
 * waits to be sent again, or hangs
 * @param details figures and names for a person, without payloads or credentials
 */
public record CapabilityHealth(boolean up, Map<String, Object> details) {

	public CapabilityHealth {
		details = Map.copyOf(details);
	}

	/**
	 * Returns a state in which all is well.
	 * @param details figures and names for a person
	 * @return the state
	 */
	public static CapabilityHealth up(Map<String, Object> details) {
		return new CapabilityHealth(true, details);
	}

}
