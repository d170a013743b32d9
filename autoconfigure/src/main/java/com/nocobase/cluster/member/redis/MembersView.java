package com.nocobase.cluster.member.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.nocobase.cluster.member.Member;
import com.nocobase.cluster.member.MembersSeen;
import com.nocobase.cluster.redis.RedisNames;

/**
 * The members as they were told last. The server tells them whole only when one came,
 * went or changed; otherwise it tells no more than the ends of their lives.
 *
 * @param version what the server calls this state
 * @param details the members by id
 * @param goodbyes ids of those who said goodbye
 */
record MembersView(byte[] version, Map<String, StoredMember> details, Set<String> goodbyes) {

	static final MembersView NONE = new MembersView(new byte[0], Map.of(), Set.of());

	/** Places in the answer of the heartbeat. */
	private static final int VERSION = 1;

	private static final int ENDS = 2;

	private static final int DETAILS = 3;

	private static final int GOODBYES = 4;

	/**
	 * Returns the view after a heartbeat.
	 * @param answer the answer of the heartbeat, which was told this view's version
	 * @return the view
	 */
	MembersView after(List<Object> answer) {
		if (answer.size() <= DETAILS) {
			return this;
		}
		Map<String, StoredMember> found = new HashMap<>();
		List<?> pairs = (List<?>) answer.get(DETAILS);
		for (int i = 0; i < pairs.size(); i += 2) {
			byte[] stored = (byte[]) pairs.get(i + 1);
			found.put(RedisNames.text(pairs.get(i)), StoredMember.read(Incarnation.without(stored)));
		}
		Set<String> left = new HashSet<>();
		((List<?>) answer.get(GOODBYES))
			.forEach((goodbye) -> left.add(new String(Incarnation.without((byte[]) goodbye), Incarnation.CHARSET)));
		return new MembersView((byte[]) answer.get(VERSION), found, left);
	}

	/**
	 * Returns who is there.
	 * @param answer the answer of the heartbeat
	 * @return the members of this view that live
	 */
	MembersSeen seen(List<Object> answer) {
		List<Member> live = new ArrayList<>();
		List<?> pairs = (List<?>) answer.get(ENDS);
		for (int i = 0; i < pairs.size(); i += 2) {
			String id = RedisNames.text(pairs.get(i));
			StoredMember stored = this.details.get(id);
			if (stored != null) {
				live.add(stored.member(id, (long) Double.parseDouble(RedisNames.text(pairs.get(i + 1)))));
			}
		}
		return new MembersSeen(live, this.goodbyes);
	}

}
