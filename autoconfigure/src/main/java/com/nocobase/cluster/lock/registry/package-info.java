/**
 * Locks of Spring Integration's lock registries.
 */
@NullMarked
package com.nocobase.cluster.lock.registry;

import org.jspecify.annotations.NullMarked;
