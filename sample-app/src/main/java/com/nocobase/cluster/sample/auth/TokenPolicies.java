package com.nocobase.cluster.sample.auth;

import java.util.concurrent.atomic.AtomicLong;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The table of the token policy, which has one row. Counts how often this instance has
 * read it.
 */
@Repository
class TokenPolicies {

	private final JdbcClient jdbc;

	private final AtomicLong loads = new AtomicLong();

	TokenPolicies(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	TokenPolicy load() {
		this.loads.incrementAndGet();
		return this.jdbc.sql("select expires_in from token_policy").query(TokenPolicy.class).single();
	}

	void update(TokenPolicy policy) {
		this.jdbc.sql("update token_policy set expires_in = ?").param(policy.expiresIn()).update();
	}

	long loads() {
		return this.loads.get();
	}

}
