package com.nocobase.cluster.member;

import java.util.Map;

/**
 * What this instance tells the others of itself. Asked at each heartbeat, so it is cheap.
 */
public interface MemberDetails {

	/**
	 * Returns what it serves.
	 * @return {@code requests} and every key that it was asked for, with the answer
	 */
	Map<String, Boolean> serving();

	/**
	 * Returns what its capabilities run on.
	 * @return the adapter of each capability
	 */
	Map<String, String> adapters();

}
