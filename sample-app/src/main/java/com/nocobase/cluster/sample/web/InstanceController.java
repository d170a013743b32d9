package com.nocobase.cluster.sample.web;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import com.nocobase.cluster.ClusterApp;
import com.nocobase.cluster.member.Member;

/**
 * Who answers, who else is there, and ids that nobody else gives out.
 */
@RestController
@RequestMapping("/api")
class InstanceController {

	private static final int MOST_IDS = 10_000;

	private final ClusterApp app;

	InstanceController(ClusterApp app) {
		this.app = app;
	}

	@GetMapping("/instance")
	InstanceView instance() {
		Member self = this.app.members().self();
		int workerId = this.app.ids().parse(this.app.ids().next()).workerId();
		return new InstanceView(this.app.name(), this.app.instanceId(), workerId, self.adapters(), self.serving());
	}

	@GetMapping("/members")
	List<MemberView> members() {
		return this.app.members()
			.all()
			.stream()
			.map((member) -> new MemberView(member.instanceId(), member.lastSeen(), member.serving(),
					member.adapters()))
			.toList();
	}

	@GetMapping("/ids")
	List<String> ids(@RequestParam int count) {
		ProblemException.badRequestUnless(count >= 1 && count <= MOST_IDS,
				"count must be from 1 to " + MOST_IDS + ", but is " + count);
		return Stream.generate(() -> Long.toString(this.app.ids().next())).limit(count).toList();
	}

	record InstanceView(String name, String instanceId, int workerId, Map<String, String> adapters,
			Map<String, Boolean> serving) {

	}

	record MemberView(String instanceId, Instant lastSeen, Map<String, Boolean> serving, Map<String, String> adapters) {

	}

}
