package com.nocobase.cluster.member;

/**
 * Told of members that join and leave, other than this instance.
 */
public interface MemberListener {

	/**
	 * Called when a member was seen for the first time.
	 * @param member the member
	 */
	default void joined(Member member) {
	}

	/**
	 * Called when a member said goodbye.
	 * @param member the member as it was last seen
	 */
	default void left(Member member) {
	}

	/**
	 * Called when a member was not heard within its time to live and had not said
	 * goodbye: it crashed, hangs, or is cut off.
	 * @param member the member as it was last seen
	 */
	default void vanished(Member member) {
	}

}
