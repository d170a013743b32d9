package com.nocobase.cluster.member.redis;

import java.util.List;

import com.nocobase.cluster.redis.HeartbeatPart;
import com.nocobase.cluster.redis.RedisScript;

/**
 * This member's part of one heartbeat.
 *
 * @param request what it sends
 */
record MemberBeat(HeartbeatPart.Request request) implements HeartbeatPart {

	private static final String SCRIPT = RedisScript.read(MemberBeat.class, "heartbeat.lua");

	MemberBeat(List<byte[]> keys, byte[]... args) {
		this(new HeartbeatPart.Request(keys, List.of(args)));
	}

	@Override
	public String name() {
		return "member";
	}

	@Override
	public String script() {
		return SCRIPT;
	}

}
