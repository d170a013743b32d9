/**
 * Shared values: caches, counters and bloom filters.
 */
@NullMarked
package com.nocobase.cluster.cache;

import org.jspecify.annotations.NullMarked;
