/**
 * Locks that hold across instances, with leases that tell when they are lost.
 */
@NullMarked
package com.nocobase.cluster.lock;

import org.jspecify.annotations.NullMarked;
