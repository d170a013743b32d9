package com.nocobase.cluster.member;

import java.time.Duration;
import java.util.List;

import com.nocobase.cluster.message.Subscription;

/**
 * The live instances of the application. Answers come from the last heartbeat and, but
 * for {@link #refresh}, talk to no server. Safe from any thread.
 */
public interface ClusterMembers {

	/**
	 * Returns the live members, this instance among them, ordered by instance id.
	 * @return the members
	 */
	List<Member> all();

	/**
	 * Returns the live members as a heartbeat sees them that is sent now: whoever was
	 * announced before this call is among them.
	 * @param limit how long to wait for a heartbeat under way
	 * @return the members, those of the last heartbeat if none could be sent
	 */
	List<Member> refresh(Duration limit);

	/**
	 * Returns this instance.
	 * @return this instance as the others see it
	 */
	Member self();

	/**
	 * Adds a listener. It gets its events one after the other, apart from the heartbeat
	 * and from other listeners; one that throws or never returns harms nobody else.
	 * @param listener told of those who join and leave
	 * @return removes the listener
	 */
	Subscription listen(MemberListener listener);

}
