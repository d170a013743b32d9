package com.nocobase.cluster.bench;

import bench.CacheContestant;

/**
 * The same with copies in each instance.
 */
public final class ClusterNearContestant extends ClusterCacheContestant implements CacheContestant {

	/**
	 * Creates a contestant.
	 */
	public ClusterNearContestant() {
		super("near");
	}

}
