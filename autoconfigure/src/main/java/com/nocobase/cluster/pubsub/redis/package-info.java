/**
 * Pub/sub through Redis.
 */
@NullMarked
package com.nocobase.cluster.pubsub.redis;

import org.jspecify.annotations.NullMarked;
