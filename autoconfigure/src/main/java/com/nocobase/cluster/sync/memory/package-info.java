/**
 * Sync messages within one JVM.
 */
@NullMarked
package com.nocobase.cluster.sync.memory;

import org.jspecify.annotations.NullMarked;
