/**
 * Members that see each other through Redis.
 */
@NullMarked
package com.nocobase.cluster.member.redis;

import org.jspecify.annotations.NullMarked;
