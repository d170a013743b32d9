package com.nocobase.cluster.cache;

import java.lang.reflect.Type;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What one cache is like for its store: its {@link CacheSpec} with the configuration's
 * defaults filled in.
 *
 * @param name name of the cache
 * @param scope stands before each key in the store: application and prefix, escaped
 * @param type the type of the values
 * @param ttl how long an entry lives, {@code null} for ever
 * @param maxSize most entries kept in this process
 * @param copyOnRead whether each read gives a copy
 */
public record CacheSettings(String name, String scope, Type type, @Nullable Duration ttl, long maxSize,
		boolean copyOnRead) {

}
