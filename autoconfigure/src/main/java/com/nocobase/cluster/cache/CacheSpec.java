package com.nocobase.cluster.cache;

import java.lang.reflect.Type;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.util.Assert;

import com.nocobase.cluster.message.Names;

/**
 * What a cache is like. What is {@code null} comes from the configuration.
 *
 * @param <T> the type of the values
 * @param type the type of the values, with its type arguments
 * @param store name of the store; default {@code nocobase.cluster.cache.store}
 * @param prefix stands before each key in the store; default the cache's name
 * @param ttl how long an entry lives; default {@code nocobase.cluster.cache.ttl}, and
 * without that for ever
 * @param jitter part of the ttl, from 0 to 1, by which it is shortened at random, so that
 * entries loaded together do not expire together
 * @param maxSize most entries kept in this process; default
 * {@code nocobase.cluster.cache.max-size}
 * @param copyOnRead whether each read gives a copy of its own, for values that are not
 * immutable
 * @param clusterWide whether one instance loads a missing key while the others wait for
 * its value
 * @param loadTimeout how long others wait for a loader before one of them loads itself;
 * default {@code nocobase.cluster.cache.load-timeout}
 */
public record CacheSpec<T>(Type type, @Nullable String store, @Nullable String prefix, @Nullable Duration ttl,
		double jitter, @Nullable Long maxSize, boolean copyOnRead, boolean clusterWide,
		@Nullable Duration loadTimeout) {

	public CacheSpec {
		Assert.notNull(type, "type must not be null");
		if (store != null) {
			Names.check("store", store);
		}
		if (prefix != null) {
			Names.check("prefix", prefix);
		}
		Assert.isTrue(ttl == null || ttl.compareTo(Duration.ZERO) > 0, () -> "ttl must be positive, but is " + ttl);
		Assert.isTrue(jitter >= 0 && jitter <= 1, () -> "jitter must be from 0 to 1, but is " + jitter);
		Assert.isTrue(maxSize == null || maxSize > 0, () -> "maxSize must be positive, but is " + maxSize);
		Assert.isTrue(loadTimeout == null || loadTimeout.compareTo(Duration.ZERO) > 0,
				() -> "loadTimeout must be positive, but is " + loadTimeout);
	}

	/**
	 * Returns a specification with the configuration's defaults.
	 * @param <T> the type of the values
	 * @param type class of the values
	 * @return the specification
	 */
	public static <T> CacheSpec<T> of(Class<T> type) {
		return new CacheSpec<>(type, null, null, null, 0, null, false, false, null);
	}

	/**
	 * Returns a specification with the configuration's defaults.
	 * @param <T> the type of the values
	 * @param type the type of the values, such as {@code new
	 * ParameterizedTypeReference<List<Role>>() {}}
	 * @return the specification
	 */
	public static <T> CacheSpec<T> of(ParameterizedTypeReference<T> type) {
		return new CacheSpec<>(type.getType(), null, null, null, 0, null, false, false, null);
	}

	/**
	 * Returns a copy with another store.
	 * @param store name of the store
	 * @return the copy
	 */
	public CacheSpec<T> withStore(String store) {
		return new CacheSpec<>(this.type, store, this.prefix, this.ttl, this.jitter, this.maxSize, this.copyOnRead,
				this.clusterWide, this.loadTimeout);
	}

	/**
	 * Returns a copy with another prefix.
	 * @param prefix stands before each key in the store
	 * @return the copy
	 */
	public CacheSpec<T> withPrefix(String prefix) {
		return new CacheSpec<>(this.type, this.store, prefix, this.ttl, this.jitter, this.maxSize, this.copyOnRead,
				this.clusterWide, this.loadTimeout);
	}

	/**
	 * Returns a copy with another ttl.
	 * @param ttl how long an entry lives
	 * @return the copy
	 */
	public CacheSpec<T> withTtl(Duration ttl) {
		return new CacheSpec<>(this.type, this.store, this.prefix, ttl, this.jitter, this.maxSize, this.copyOnRead,
				this.clusterWide, this.loadTimeout);
	}

	/**
	 * Returns a copy with jitter.
	 * @param jitter part of the ttl by which it is shortened at random
	 * @return the copy
	 */
	public CacheSpec<T> withJitter(double jitter) {
		return new CacheSpec<>(this.type, this.store, this.prefix, this.ttl, jitter, this.maxSize, this.copyOnRead,
				this.clusterWide, this.loadTimeout);
	}

	/**
	 * Returns a copy with another size.
	 * @param maxSize most entries kept in this process
	 * @return the copy
	 */
	public CacheSpec<T> withMaxSize(long maxSize) {
		return new CacheSpec<>(this.type, this.store, this.prefix, this.ttl, this.jitter, maxSize, this.copyOnRead,
				this.clusterWide, this.loadTimeout);
	}

	/**
	 * Returns a copy whose reads give copies.
	 * @return the copy
	 */
	public CacheSpec<T> withCopyOnRead() {
		return new CacheSpec<>(this.type, this.store, this.prefix, this.ttl, this.jitter, this.maxSize, true,
				this.clusterWide, this.loadTimeout);
	}

	/**
	 * Returns a copy whose missing keys are loaded by one instance alone. The others wait
	 * for its value, or for the end of its load timeout; where it has none to give, as
	 * its loader failed or its value is not to be cached, each loads for itself.
	 * @return the copy
	 */
	public CacheSpec<T> withClusterWide() {
		return new CacheSpec<>(this.type, this.store, this.prefix, this.ttl, this.jitter, this.maxSize, this.copyOnRead,
				true, this.loadTimeout);
	}

	/**
	 * Returns a copy with another limit for loaders.
	 * @param loadTimeout how long others wait for a loader
	 * @return the copy
	 */
	public CacheSpec<T> withLoadTimeout(Duration loadTimeout) {
		return new CacheSpec<>(this.type, this.store, this.prefix, this.ttl, this.jitter, this.maxSize, this.copyOnRead,
				this.clusterWide, loadTimeout);
	}

}
