/**
 * Worker ids that instances lease from Redis.
 */
@NullMarked
package com.nocobase.cluster.worker.redis;

import org.jspecify.annotations.NullMarked;
