package com.nocobase.cluster.member;

import java.time.Duration;

/**
 * Where instances see each other. A bean of this type named {@code x} or
 * {@code xMemberAdapter} is chosen by {@code nocobase.cluster.members.adapter: x}. Safe
 * from any thread.
 */
public interface MemberAdapter {

	/**
	 * Announces this instance, for as long as it may live without another heartbeat, and
	 * returns who is there; one round trip.
	 * @param self this instance
	 * @param timeToLive how long it is taken for live after this
	 * @return the live members, this one among them
	 * @throws IllegalStateException if another live instance has the same id
	 * @throws RuntimeException if it cannot be announced
	 */
	MembersSeen heartbeat(Member self, Duration timeToLive);

	/**
	 * Takes this instance out. Later the others find it among those who said goodbye.
	 * @param self this instance
	 */
	void goodbye(Member self);

}
