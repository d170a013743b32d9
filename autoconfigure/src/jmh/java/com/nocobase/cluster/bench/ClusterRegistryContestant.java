package com.nocobase.cluster.bench;

import bench.LockContestant;

/**
 * Locks of the adapter {@code redis}, which keeps them in a {@code RedisLockRegistry}.
 */
public final class ClusterRegistryContestant extends ClusterLeaseContestant implements LockContestant {

	@Override
	protected String adapter() {
		return "redis";
	}

}
