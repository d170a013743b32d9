package com.nocobase.cluster.member.redis;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

import com.nocobase.cluster.redis.RedisNames;

/**
 * One life of this instance, from its first heartbeat to its goodbye. It tells a
 * repetition of the own heartbeat from a stranger with the same instance id, and from a
 * life that is over.
 */
final class Incarnation {

	static final Charset CHARSET = StandardCharsets.UTF_8;

	private static final int LENGTH = 32;

	private final String token = UUID.randomUUID().toString().replace("-", "");

	private final AtomicLong beats = new AtomicLong();

	private volatile boolean joined;

	/**
	 * Returns what follows the token in a value of the server.
	 * @param value the token and more
	 * @return the rest
	 */
	static byte[] without(byte[] value) {
		return Arrays.copyOfRange(value, Math.min(LENGTH, value.length), value.length);
	}

	byte[] token() {
		return RedisNames.bytes(this.token);
	}

	/**
	 * Puts the token in front of a value.
	 * @param value the value
	 * @return the token and the value
	 */
	byte[] with(byte[] value) {
		byte[] all = Arrays.copyOf(token(), LENGTH + value.length);
		System.arraycopy(value, 0, all, LENGTH, value.length);
		return all;
	}

	/**
	 * Returns a name for a state of the members that nobody else gives.
	 * @return the name
	 */
	byte[] nextVersion() {
		return RedisNames.bytes(this.token + this.beats.incrementAndGet());
	}

	void join() {
		this.joined = true;
	}

	boolean isJoined() {
		return this.joined;
	}

}
