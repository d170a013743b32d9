package com.nocobase.cluster.member;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.log.LogMessage;
import org.springframework.util.Assert;

import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.support.Alarm;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.CapabilityHealth;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Incident;
import com.nocobase.cluster.support.Nanos;
import com.nocobase.cluster.support.Signals;

/**
 * Announces this instance once per heartbeat and keeps what each heartbeat saw.
 */
final class Heartbeats implements ClusterMembers, Capability {

	private static final Log logger = LogFactory.getLog(Heartbeats.class);

	private static final Duration STOP_LIMIT = Duration.ofSeconds(3);

	private final String adapterName;

	private final MemberAdapter adapter;

	private final MemberProperties properties;

	private final Announcement announcement;

	private final MemberListeners listeners;

	private final ClusterRuntime runtime;

	private final Incident failed;

	private final Alarm alarm;

	/** Held for a heartbeat and for the goodbye, so that none comes after it. */
	private final ReentrantLock beating = new ReentrantLock();

	private volatile boolean running;

	private volatile boolean heard;

	private volatile long heardAt;

	private volatile Map<String, Member> others = Map.of();

	private final MemberWarnings warnings = new MemberWarnings();

	Heartbeats(String adapterName, MemberAdapter adapter, MemberProperties properties, Announcement announcement,
			MemberListeners listeners, ClusterRuntime runtime, Signals signals) {
		this.adapterName = adapterName;
		this.adapter = adapter;
		this.properties = properties;
		this.announcement = announcement;
		this.listeners = listeners;
		this.runtime = runtime;
		this.failed = new Incident(logger, runtime, signals, "members.failed");
		this.alarm = new Alarm(runtime, () -> runtime.executor().execute(this::beatAgain));
	}

	void start() {
		this.listeners.pause();
		this.beating.lock();
		try {
			beat();
			this.running = true;
		}
		finally {
			this.beating.unlock();
		}
		this.listeners.open();
		this.alarm.within(this.properties.heartbeat());
		logger.info(LogMessage.format("Members see each other through %s", adapter()));
	}

	void stop() {
		this.running = false;
		this.alarm.cancel();
		boolean quiet = awaitHeartbeat(STOP_LIMIT);
		try {
			this.listeners.pause();
			this.others = Map.of();
			this.warnings.clear();
			this.heard = false;
			this.adapter.goodbye(self());
		}
		finally {
			if (quiet) {
				this.beating.unlock();
			}
		}
	}

	private boolean awaitHeartbeat(Duration limit) {
		try {
			return this.beating.tryLock(Nanos.of(limit), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private void beatAgain() {
		long begun = this.runtime.nanoTime();
		this.beating.lock();
		try {
			beatIfRunning();
		}
		finally {
			this.beating.unlock();
			if (this.running) {
				this.alarm.by(begun + this.properties.heartbeat().toNanos());
			}
		}
	}

	private void beatIfRunning() {
		if (!this.running) {
			return;
		}
		try {
			beat();
		}
		catch (RuntimeException ex) {
			this.heard = false;
			this.failed.warn("heartbeat", "This instance could not be announced; trying again", ex);
		}
	}

	private void beat() {
		Member self = self();
		// The others look once per heartbeat, and are to know of a death when the ttl is
		// over.
		Duration life = this.properties.ttl().minus(this.properties.heartbeat());
		MembersSeen seen = this.adapter.heartbeat(self, life);
		this.heardAt = this.runtime.nanoTime();
		this.heard = true;
		Map<String, Member> before = this.others;
		Map<String, Member> now = new TreeMap<>();
		seen.live().forEach((member) -> now.put(member.instanceId(), member));
		now.remove(self.instanceId());
		this.others = now;
		this.warnings.look(self, now.values());
		without(now, before.keySet()).forEach((member) -> this.listeners.tell(MemberListener::joined, member));
		without(before, now.keySet()).forEach((member) -> {
			boolean left = seen.goodbyes().contains(member.instanceId());
			logger.info(LogMessage.format("Member %s has %s", member.instanceId(), left ? "left" : "vanished"));
			this.listeners.tell(left ? MemberListener::left : MemberListener::vanished, member);
		});
	}

	private static List<Member> without(Map<String, Member> members, Set<String> ids) {
		return members.values().stream().filter((member) -> !ids.contains(member.instanceId())).toList();
	}

	@Override
	public List<Member> all() {
		List<Member> all = new ArrayList<>(this.others.values());
		all.add(self());
		all.sort(Comparator.comparing(Member::instanceId));
		return List.copyOf(all);
	}

	@Override
	public List<Member> refresh(Duration limit) {
		Assert.isTrue(!limit.isNegative(), () -> "limit must not be negative, but is " + limit);
		if (awaitHeartbeat(limit)) {
			try {
				beatIfRunning();
			}
			finally {
				this.beating.unlock();
			}
		}
		return all();
	}

	@Override
	public Member self() {
		return this.announcement.now();
	}

	@Override
	public Subscription listen(MemberListener listener) {
		return this.listeners.add(listener);
	}

	@Override
	public String name() {
		return "members";
	}

	@Override
	public String adapter() {
		return this.adapterName;
	}

	@Override
	public CapabilityHealth health() {
		boolean recent = this.heard && this.runtime.nanoTime() - this.heardAt < this.properties.ttl().toNanos();
		List<String> differing = this.warnings.differingAdapters();
		return new CapabilityHealth(recent && differing.isEmpty() && !this.listeners.hasRecentLoss(),
				Map.of("adapter", adapter(), "members", this.others.size() + 1, "announced", recent,
						"differentAdapters", differing, "unserved", this.warnings.unserved()));
	}

}
