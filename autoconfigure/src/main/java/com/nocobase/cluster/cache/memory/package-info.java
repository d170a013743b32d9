/**
 * Caches, counters and bloom filters in the memory of this process.
 */
@NullMarked
package com.nocobase.cluster.cache.memory;

import org.jspecify.annotations.NullMarked;
