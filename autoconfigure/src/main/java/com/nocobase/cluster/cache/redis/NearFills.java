package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.support.ClusterRuntime;

/**
 * The texts that were stored at the server a moment ago because they were missing. News
 * of a removal may come after that though the removal came before: then the text is of
 * something that has changed, and is removed if it is still there. Safe from any thread.
 */
final class NearFills {

	private static final Log logger = LogFactory.getLog(NearFills.class);

	/** Bytes of texts. Beyond that the oldest are taken for right. */
	private static final long MOST = 16L * 1024 * 1024;

	private final Cache<String, byte[]> recent;

	private final ClusterRuntime runtime;

	private final Consumer<Map<String, byte[]>> remove;

	/**
	 * Creates an empty one.
	 * @param latest how late news may be, or the loss be noticed that took them
	 * @param runtime time and threads
	 * @param remove removes the texts that are still there
	 */
	NearFills(Duration latest, ClusterRuntime runtime, Consumer<Map<String, byte[]>> remove) {
		this.recent = Caffeine.newBuilder()
			.ticker(runtime.ticker()::getAsLong)
			.executor(Runnable::run)
			.expireAfterWrite(latest)
			.maximumWeight(MOST)
			.<String, byte[]>weigher((key, text) -> key.length() + text.length)
			.build();
		this.runtime = runtime;
		this.remove = remove;
	}

	void stored(String key, byte[] text) {
		this.recent.put(key, text);
	}

	void forget(String key) {
		this.recent.invalidate(key);
	}

	/**
	 * A key may have been removed, or all may.
	 * @param key the key, or {@code null}
	 */
	void heard(@Nullable String key) {
		Map<String, byte[]> old = taken(key);
		if (!old.isEmpty()) {
			later(old);
		}
	}

	private Map<String, byte[]> taken(@Nullable String key) {
		if (key == null) {
			Map<String, byte[]> all = new HashMap<>(this.recent.asMap());
			this.recent.invalidateAll(all.keySet());
			return all;
		}
		byte[] text = this.recent.asMap().remove(key);
		return (text != null) ? Map.of(key, text) : Map.of();
	}

	private void later(Map<String, byte[]> old) {
		try {
			this.runtime.executor().execute(() -> removeQuietly(old));
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Not removed at the stop: " + old.keySet());
		}
	}

	private void removeQuietly(Map<String, byte[]> old) {
		try {
			this.remove.accept(old);
		}
		catch (RuntimeException ex) {
			logger.warn("Values that were loaded before a change stay at Redis until their ttl is over", ex);
		}
	}

}
