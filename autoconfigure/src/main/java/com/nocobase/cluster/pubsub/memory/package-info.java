/**
 * Pub/sub within one JVM.
 */
@NullMarked
package com.nocobase.cluster.pubsub.memory;

import org.jspecify.annotations.NullMarked;
