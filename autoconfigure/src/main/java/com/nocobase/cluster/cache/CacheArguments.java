package com.nocobase.cluster.cache;

import java.time.Duration;
import java.util.Collection;

import org.springframework.util.Assert;

import com.nocobase.cluster.message.Names;

/**
 * Rules for what callers pass in.
 */
final class CacheArguments {

	private CacheArguments() {
	}

	static void key(String key) {
		Names.checkKey("key", key);
	}

	static void keys(Collection<String> keys) {
		Assert.notNull(keys, "keys must not be null");
		keys.forEach(CacheArguments::key);
	}

	static void field(String field) {
		Names.checkKey("field", field);
	}

	static void ttl(Duration ttl) {
		Assert.notNull(ttl, "ttl must not be null");
		Assert.isTrue(ttl.compareTo(Duration.ZERO) > 0, () -> "ttl must be positive, but is " + ttl);
	}

}
