package com.nocobase.cluster.redis;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What one capability sends with each heartbeat, in the same script as all others. Its
 * keys have the tag {@code member}. Safe from any thread.
 */
public interface HeartbeatPart {

	/**
	 * Returns its name.
	 * @return a word that no other kind of part has
	 */
	String name();

	/**
	 * Returns its Lua, the same for each part of a name: the body of a function of
	 * {@code (keys, args)}, both tables from 1, that returns a table. It is run again
	 * when the connection was lost before the reply.
	 * @return the text
	 */
	String script();

	/**
	 * Returns what to send now. Called once for each heartbeat; heartbeats may overlap.
	 * @return keys and arguments, or {@code null} to stay out of this one
	 */
	@Nullable Request request();

	/**
	 * Called with the answer, on the thread of the heartbeat; must not block. Not called
	 * if the heartbeat or this part of it failed.
	 * @param askedAt the monotonic time just before the heartbeat was sent
	 * @param answer what the function returned
	 */
	default void answered(long askedAt, List<Object> answer) {
	}

	/**
	 * What a part sends.
	 *
	 * @param keys the keys
	 * @param args the arguments
	 */
	record Request(List<byte[]> keys, List<byte[]> args) {

	}

}
