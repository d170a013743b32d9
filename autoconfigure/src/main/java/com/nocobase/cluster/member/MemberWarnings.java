package com.nocobase.cluster.member;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.log.LogMessage;

/**
 * What is wrong among the members though each is well by itself: instances that run
 * different adapters, and keys of work that no live instance serves. Each change is
 * logged once. A key is known where somebody asked whether it is served, as a
 * subscription of the event queue does; that nobody serves requests is a choice.
 */
final class MemberWarnings {

	private static final Log logger = LogFactory.getLog(MemberWarnings.class);

	private static final String REQUESTS = "requests";

	private volatile List<String> differing = List.of();

	private volatile List<String> unserved = List.of();

	void look(Member self, Collection<Member> others) {
		compareAdapters(self, others);
		lookForUnserved(self, others);
	}

	private void compareAdapters(Member self, Collection<Member> others) {
		Collection<String> found = new TreeSet<>();
		others.forEach((member) -> self.adapters().forEach((capability, adapter) -> {
			if (!adapter.equals(member.adapters().getOrDefault(capability, adapter))) {
				found.add(member.instanceId() + " has " + capability + " on " + member.adapters().get(capability)
						+ ", this instance on " + adapter);
			}
		}));
		List<String> now = List.copyOf(found);
		if (!now.isEmpty() && !now.equals(this.differing)) {
			logger.warn(LogMessage.format("Instances run different adapters and cannot reach each other: %s", now));
		}
		this.differing = now;
	}

	private void lookForUnserved(Member self, Collection<Member> others) {
		Map<String, Boolean> served = new TreeMap<>(self.serving());
		others.forEach(
				(member) -> member.serving().forEach((key, serves) -> served.merge(key, serves, Boolean::logicalOr)));
		served.remove(REQUESTS);
		List<String> now = served.entrySet()
			.stream()
			.filter((each) -> !each.getValue())
			.map(Map.Entry::getKey)
			.toList();
		if (!now.isEmpty() && !now.equals(this.unserved)) {
			logger.warn(LogMessage
				.format("No live instance serves %s, so such work waits; see " + "nocobase.cluster.worker-mode", now));
		}
		this.unserved = now;
	}

	void clear() {
		this.differing = List.of();
		this.unserved = List.of();
	}

	List<String> differingAdapters() {
		return this.differing;
	}

	List<String> unserved() {
		return this.unserved;
	}

}
