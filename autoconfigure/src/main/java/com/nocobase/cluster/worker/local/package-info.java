/**
 * Worker ids in this process, shared by all contexts of one {@code MemoryBroker}.
 */
@NullMarked
package com.nocobase.cluster.worker.local;

import org.jspecify.annotations.NullMarked;
