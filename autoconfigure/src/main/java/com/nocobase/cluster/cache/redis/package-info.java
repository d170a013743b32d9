/**
 * Caches, counters and bloom filters on Redis.
 */
@NullMarked
package com.nocobase.cluster.cache.redis;

import org.jspecify.annotations.NullMarked;
