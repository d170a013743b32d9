package com.nocobase.cluster.lock;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A custom adapter without fencing: one map, no expiry, no waiting.
 */
class StubLockAdapter implements LockAdapter {

	final Map<String, LockGrant> held = new ConcurrentHashMap<>();

	final List<LockGrant> released = new CopyOnWriteArrayList<>();

	final List<Duration> kept = new CopyOnWriteArrayList<>();

	volatile Consumer<LockGrant> onRenew = (grant) -> {
	};

	volatile Predicate<LockGrant> isUnknown = (grant) -> false;

	volatile Duration grantTakes = Duration.ZERO;

	@Override
	public Optional<LockGrant> acquire(LockRequest request) {
		LockGrant grant = new LockGrant(request.key(), request.owner(), System.nanoTime() - this.grantTakes.toNanos(),
				0);
		return (this.held.putIfAbsent(request.key(), grant) == null) ? Optional.of(grant) : Optional.empty();
	}

	@Override
	public LockRenewalResult renew(List<LockRenewal> renewals) {
		renewals.forEach((renewal) -> this.onRenew.accept(renewal.grant()));
		Set<LockGrant> unknown = grants(renewals, this.isUnknown);
		Set<LockGrant> lost = grants(renewals, (grant) -> !this.held.containsValue(grant) && !unknown.contains(grant));
		return new LockRenewalResult(lost, unknown, unknown.isEmpty() ? null : new IllegalStateException("node"));
	}

	private static Set<LockGrant> grants(List<LockRenewal> renewals, Predicate<LockGrant> which) {
		return renewals.stream().map(LockRenewal::grant).filter(which).collect(Collectors.toSet());
	}

	@Override
	public void release(LockGrant grant, Duration keep) {
		this.held.remove(grant.key(), grant);
		this.released.add(grant);
		this.kept.add(keep);
	}

}
