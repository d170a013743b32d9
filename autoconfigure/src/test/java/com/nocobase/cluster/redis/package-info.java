/**
 * Redis servers for tests, and what can go wrong with them.
 */
@NullMarked
package com.nocobase.cluster.redis;

import org.jspecify.annotations.NullMarked;
