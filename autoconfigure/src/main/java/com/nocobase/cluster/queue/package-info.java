/**
 * Long or retryable work, done at least once by one of the instances.
 */
@NullMarked
package com.nocobase.cluster.queue;

import org.jspecify.annotations.NullMarked;
