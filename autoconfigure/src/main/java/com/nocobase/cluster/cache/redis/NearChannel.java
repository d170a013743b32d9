package com.nocobase.cluster.cache.redis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.Names;
import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisServer;

/**
 * What instances tell each other of changed entries: on one channel of the application
 * {@code <instance>\n<scope>\n<key>}, or without the key if it is all entries. Neither
 * instance nor scope has a line break, as both are escaped.
 */
final class NearChannel {

	private final RedisServer server;

	private final byte[] name;

	private final String self;

	/** By scope, who is told a key, or {@code null} for all. */
	private final Map<String, Consumer<@Nullable String>> regions = new ConcurrentHashMap<>();

	private volatile @Nullable Subscription subscription;

	NearChannel(RedisServer server, Instance instance) {
		this.server = server;
		this.name = server.names().channel("near", "");
		this.self = Names.escape(instance.id());
	}

	byte[] name() {
		return this.name;
	}

	byte[] news(String scope, @Nullable String key) {
		return RedisNames.bytes(this.self + "\n" + scope + ((key != null) ? "\n" + key : ""));
	}

	void add(String scope, Consumer<@Nullable String> region) {
		this.regions.put(scope, region);
	}

	/**
	 * Returns whether news of changes come in: all of those that are older than
	 * {@code nocobase.cluster.redis.max-silence} have, since the last loss.
	 * @return whether they do
	 */
	boolean isHeard() {
		return this.subscription != null && !this.server.isLost();
	}

	long losses() {
		return this.server.losses();
	}

	private void received(byte[] message) {
		String news = RedisNames.text(message);
		int afterSender = news.indexOf('\n');
		if (afterSender < 0 || news.substring(0, afterSender).equals(this.self)) {
			return;
		}
		int afterScope = news.indexOf('\n', afterSender + 1);
		String scope = news.substring(afterSender + 1, (afterScope >= 0) ? afterScope : news.length());
		Consumer<@Nullable String> region = this.regions.get(scope);
		if (region != null) {
			region.accept((afterScope >= 0) ? news.substring(afterScope + 1) : null);
		}
	}

	void open() {
		// What was kept before was told nothing.
		this.regions.values().forEach((region) -> region.accept(null));
		this.subscription = this.server.subscribe(this.name, this::received);
	}

	void close() {
		Subscription subscribed = this.subscription;
		this.subscription = null;
		if (subscribed != null) {
			subscribed.close();
		}
	}

}
