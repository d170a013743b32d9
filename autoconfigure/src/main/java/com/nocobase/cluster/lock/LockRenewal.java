package com.nocobase.cluster.lock;

import java.time.Duration;

/**
 * A grant that is to last longer.
 *
 * @param grant the grant
 * @param ttl how long, counted from now, positive
 */
public record LockRenewal(LockGrant grant, Duration ttl) {

}
