package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.redis.RedisLinkListener;
import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisServer;

/**
 * What instances tell each other of changed entries: on one channel of the application
 * {@code <kind><sender>\n<scope>\n<key>}, or without the key if it is all entries. A
 * scope has no line break, as it is escaped.
 */
final class NearChannel implements RedisLinkListener {

	private static final String SET = "+";

	private static final String REMOVED = "-";

	private final RedisServer server;

	private final byte[] name;

	/** Not the instance's id, which its next start may have again. */
	private final String self = UUID.randomUUID().toString();

	/** By scope, who is told. */
	private final Map<String, Listener> regions = new ConcurrentHashMap<>();

	private volatile @Nullable Subscription subscription;

	private volatile @Nullable Subscription link;

	NearChannel(RedisServer server) {
		this.server = server;
		this.name = server.names().channel("near", "");
	}

	byte[] name() {
		return this.name;
	}

	/**
	 * Returns news of a change.
	 * @param scope of the cache
	 * @param key the key, {@code null} for all
	 * @param isSet whether there is a new value now
	 * @return what is published
	 */
	byte[] news(String scope, @Nullable String key, boolean isSet) {
		return RedisNames.bytes((isSet ? SET : REMOVED) + this.self + "\n" + scope + ((key != null) ? "\n" + key : ""));
	}

	void add(String scope, Listener region) {
		this.regions.put(scope, region);
	}

	/**
	 * Returns whether news of changes come in: all of those that are older than
	 * {@code nocobase.cluster.redis.max-silence} have, since the last loss.
	 * @param now the monotonic time
	 * @return whether they do
	 */
	boolean isHeard(long now) {
		return this.subscription != null && !this.server.isLost(now);
	}

	Duration maxSilence() {
		return this.server.maxSilence();
	}

	long losses() {
		return this.server.losses();
	}

	private void received(byte[] message) {
		String news = RedisNames.text(message);
		int afterSender = news.indexOf('\n');
		if (afterSender < 1 || news.substring(1, afterSender).equals(this.self)) {
			return;
		}
		int afterScope = news.indexOf('\n', afterSender + 1);
		String scope = news.substring(afterSender + 1, (afterScope >= 0) ? afterScope : news.length());
		Listener region = this.regions.get(scope);
		if (region != null) {
			region.heard((afterScope >= 0) ? news.substring(afterScope + 1) : null, news.startsWith(SET));
		}
	}

	@Override
	public void lost() {
		all();
	}

	@Override
	public void restored() {
		// Whoever is asked next looks at the losses.
	}

	private void all() {
		this.regions.values().forEach((region) -> region.heard(null, false));
	}

	void open() {
		// What was kept before was told nothing.
		all();
		this.subscription = this.server.subscribe(this.name, this::received);
		this.link = this.server.listen(this);
	}

	void close() {
		close(this.link);
		this.link = null;
		Subscription subscribed = this.subscription;
		this.subscription = null;
		close(subscribed);
	}

	private static void close(@Nullable Subscription subscribed) {
		if (subscribed != null) {
			subscribed.close();
		}
	}

	/** Told of changes. */
	@FunctionalInterface
	interface Listener {

		/**
		 * Others have changed a key, or all.
		 * @param key the key, or {@code null}
		 * @param isSet whether there is a new value now
		 */
		void heard(@Nullable String key, boolean isSet);

	}

}
