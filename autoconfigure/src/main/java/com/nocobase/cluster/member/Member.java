package com.nocobase.cluster.member;

import java.time.Instant;
import java.util.Map;

import com.nocobase.cluster.message.Names;

/**
 * A live instance.
 *
 * @param instanceId id of the instance
 * @param version version of this library that it runs
 * @param lastSeen its last heartbeat
 * @param serving what it serves: {@code requests} and every key that it was asked for
 * @param adapters the adapter of each capability
 */
public record Member(String instanceId, String version, Instant lastSeen, Map<String, Boolean> serving,
		Map<String, String> adapters) {

	public Member {
		Names.check("instanceId", instanceId);
		serving = Map.copyOf(serving);
		adapters = Map.copyOf(adapters);
	}

}
