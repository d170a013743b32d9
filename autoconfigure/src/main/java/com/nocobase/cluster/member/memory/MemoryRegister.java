package com.nocobase.cluster.member.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.springframework.util.Assert;

import com.nocobase.cluster.member.Member;
import com.nocobase.cluster.member.MembersSeen;
import com.nocobase.cluster.memory.MemoryPart;
import com.nocobase.cluster.message.Instance;

/**
 * All members with the end of their lives, and the goodbyes of the last hour.
 */
final class MemoryRegister implements MemoryPart {

	private static final long GOODBYES_KEPT = Duration.ofHours(1).toNanos();

	/** Guarded by this, as is the other map. */
	private final Map<Instance, Entry> entries = new HashMap<>();

	private final Map<Instance, Long> goodbyes = new HashMap<>();

	synchronized MembersSeen heartbeat(MemoryMembers owner, Instance instance, Member self, long now,
			Duration timeToLive) {
		this.entries.values().removeIf((entry) -> entry.owner != owner && entry.endsAt - now <= 0);
		this.goodbyes.values().removeIf((at) -> now - at > GOODBYES_KEPT);
		Entry entry = this.entries.get(instance);
		if (entry != null) {
			Assert.state(entry.owner == owner,
					() -> "The instance id '%s' belongs to another live member; set ".formatted(instance.id())
							+ "nocobase.cluster.instance-id to one of its own");
		}
		this.entries.put(instance, new Entry(owner, self, now + timeToLive.toNanos()));
		this.goodbyes.remove(instance);
		return seen(instance.app());
	}

	private MembersSeen seen(String app) {
		List<Member> live = new ArrayList<>();
		Set<String> left = new HashSet<>();
		this.entries.forEach((instance, entry) -> {
			if (instance.app().equals(app)) {
				live.add(entry.member);
			}
		});
		this.goodbyes.keySet()
			.stream()
			.filter((instance) -> instance.app().equals(app))
			.map(Instance::id)
			.forEach(left::add);
		return new MembersSeen(live, left);
	}

	synchronized void goodbye(MemoryMembers owner, Instance instance, long now) {
		Entry entry = this.entries.get(instance);
		if (entry != null && entry.owner == owner) {
			this.entries.remove(instance);
			this.goodbyes.put(instance, now);
		}
	}

	@Override
	public synchronized void crashed(Instance instance) {
		Entry entry = this.entries.get(instance);
		if (entry != null) {
			entry.owner.crash();
		}
	}

	private record Entry(MemoryMembers owner, Member member, long endsAt) {
	}

}
