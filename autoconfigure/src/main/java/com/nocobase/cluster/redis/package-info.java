/**
 * What all capabilities on Redis share: one connection, scripts that may be sent twice,
 * one subscription and one heartbeat for each server.
 */
@NullMarked
package com.nocobase.cluster.redis;

import org.jspecify.annotations.NullMarked;
