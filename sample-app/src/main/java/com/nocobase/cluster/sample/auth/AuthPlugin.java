package com.nocobase.cluster.sample.auth;

import java.util.Objects;

import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

import com.nocobase.cluster.ClusterApp;
import com.nocobase.cluster.Plugin;
import com.nocobase.cluster.cache.CacheSpec;
import com.nocobase.cluster.cache.ClusterCache;
import com.nocobase.cluster.sync.SyncMessage;

/**
 * Reads the token policy through a cache. A change is one transaction: the eviction and
 * the message wait for its commit, and after a rollback neither happens. Every instance
 * then forgets what it has cached, and reads the table once when it is next asked.
 */
@Component
class AuthPlugin extends Plugin {

	private static final String CONFIG = "config";

	private final TokenPolicies policies;

	private final ClusterCache<TokenPolicy> cache;

	AuthPlugin(ClusterApp app, TokenPolicies policies) {
		super("auth", app);
		this.policies = policies;
		this.cache = app.cacheManager().createCache("auth", CacheSpec.of(TokenPolicy.class));
	}

	TokenPolicy tokenPolicy() {
		return Objects.requireNonNull(this.cache.wrap(CONFIG, this.policies::load));
	}

	@Transactional
	void changeTokenPolicy(TokenPolicy policy) {
		this.policies.update(policy);
		this.cache.del(CONFIG);
		sendSyncMessage(new TokenPolicyChanged());
	}

	@Override
	public void handleSyncMessage(SyncMessage message) {
		this.cache.del(CONFIG);
	}

	@Override
	public void resync() {
		this.cache.del(CONFIG);
	}

}
