package com.nocobase.cluster.member;

import java.util.List;
import java.util.Set;

/**
 * What a heartbeat saw.
 *
 * @param live the live members
 * @param goodbyes ids of instances that said goodbye, kept at least for the time to live
 * of a member
 */
public record MembersSeen(List<Member> live, Set<String> goodbyes) {

	public MembersSeen {
		live = List.copyOf(live);
		goodbyes = Set.copyOf(goodbyes);
	}

}
