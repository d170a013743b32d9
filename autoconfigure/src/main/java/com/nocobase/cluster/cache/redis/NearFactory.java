package com.nocobase.cluster.cache.redis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.github.benmanes.caffeine.cache.Caffeine;

import com.nocobase.cluster.cache.CacheRegion;
import com.nocobase.cluster.cache.CacheSettings;
import com.nocobase.cluster.message.JsonCodec;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Makes near caches, which hear of each other's changes on one channel. Caffeine's upkeep
 * is done by the callers, so there is no thread. Copies know their end, which costs a hit
 * less than Caffeine's own expiry; one that is over stays until its place is needed.
 */
final class NearFactory {

	private final NearChannel channel;

	private final ClusterRuntime runtime;

	/** By scope. */
	private final Map<String, NearState> states = new ConcurrentHashMap<>();

	NearFactory(NearChannel channel, ClusterRuntime runtime) {
		this.channel = channel;
		this.runtime = runtime;
	}

	RedisChanges announced(RedisEntries entries, String scope) {
		return new AnnouncedChanges(entries, this.channel, scope);
	}

	<T> CacheRegion<T> region(RemoteRegion<T> remote, CacheSettings settings, JsonCodec codec) {
		// Removing entries of a cache may open it a second time.
		NearState state = this.states.computeIfAbsent(settings.scope(), (scope) -> state(settings, remote));
		// It may have been opened before its settings were known.
		state.limit(settings.maxSize());
		return new NearRegion<>(remote, state, new NearCopies<>(codec, settings.type(), settings.copyOnRead()),
				this.runtime);
	}

	private NearState state(CacheSettings settings, RemoteRegion<?> remote) {
		NearState state = new NearState(this.channel,
				Caffeine.newBuilder().executor(Runnable::run).maximumSize(settings.maxSize()).build(), remote,
				this.runtime);
		this.channel.add(settings.scope(), state);
		return state;
	}

}
