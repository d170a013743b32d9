/**
 * Messages to whoever listens now, at most once.
 */
@NullMarked
package com.nocobase.cluster.pubsub;

import org.jspecify.annotations.NullMarked;
