/**
 * Leases in Redis, with fencing tokens, fair across instances.
 */
@NullMarked
package com.nocobase.cluster.lock.lease;

import org.jspecify.annotations.NullMarked;
