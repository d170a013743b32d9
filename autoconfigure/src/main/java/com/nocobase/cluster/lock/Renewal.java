package com.nocobase.cluster.lock;

import java.time.Duration;

/**
 * One renewal on its way.
 *
 * @param lease what is renewed
 * @param ttl for how long
 */
record Renewal(HeldLease lease, Duration ttl) {

	LockRenewal request() {
		return new LockRenewal(this.lease.grant(), this.ttl);
	}

}
