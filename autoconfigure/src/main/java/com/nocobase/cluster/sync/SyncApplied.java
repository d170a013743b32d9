package com.nocobase.cluster.sync;

import java.util.Set;

/**
 * Who has applied a sync message. A subscribed member is in exactly one of the sets.
 *
 * @param applied ids of the instances that have handled it
 * @param lagging ids of live instances that have not, or did not answer in time
 * @param gone ids of instances that were live when it was sent and are not any more
 */
public record SyncApplied(Set<String> applied, Set<String> lagging, Set<String> gone) {

	public SyncApplied {
		applied = Set.copyOf(applied);
		lagging = Set.copyOf(lagging);
		gone = Set.copyOf(gone);
	}

	/**
	 * Returns whether nobody lags.
	 * @return whether every live member has applied it
	 */
	public boolean isComplete() {
		return this.lagging.isEmpty();
	}

}
