/**
 * The event queue on Redis, with all abilities.
 */
@NullMarked
package com.nocobase.cluster.queue.redis;

import org.jspecify.annotations.NullMarked;
