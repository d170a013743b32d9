package com.nocobase.cluster.redis;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How a server is started: lines of its configuration. Without any it keeps nothing on
 * disk and asks for no password.
 *
 * @param lines lines of the configuration
 * @param password what the default user must give, if anything
 * @param tls whether it speaks TLS only
 * @param sentinel whether it is a Sentinel
 */
public record RedisOptions(List<String> lines, @Nullable String password, boolean tls, boolean sentinel) {

	public RedisOptions {
		lines = List.copyOf(lines);
	}

	/**
	 * Returns the options of a server that keeps nothing on disk.
	 * @return the options
	 */
	public static RedisOptions none() {
		return new RedisOptions(List.of(), null, false, false);
	}

	/**
	 * Returns the options of a server that writes each command to a file: nothing that
	 * was answered is lost when it is killed.
	 * @return the options
	 */
	public static RedisOptions aof() {
		return none().with("appendonly yes");
	}

	static RedisOptions sentinelOf(String... lines) {
		return new RedisOptions(List.of(lines), null, false, true);
	}

	/**
	 * Adds lines, for example {@code "maxmemory 10mb"}.
	 * @param more lines as in {@code redis.conf}
	 * @return the options
	 */
	public RedisOptions with(String... more) {
		List<String> all = new ArrayList<>(this.lines);
		all.addAll(List.of(more));
		return new RedisOptions(all, this.password, this.tls, this.sentinel);
	}

	/**
	 * Asks everybody for a password.
	 * @param secret the password of the default user
	 * @return the options
	 */
	public RedisOptions withPassword(String secret) {
		RedisOptions all = with("requirepass \"" + secret + "\"");
		return new RedisOptions(all.lines, secret, this.tls, this.sentinel);
	}

	/**
	 * Lets the server speak TLS only, with a certificate that clients have to be told to
	 * trust.
	 * @return the options
	 */
	public RedisOptions withTls() {
		return new RedisOptions(this.lines, this.password, true, this.sentinel);
	}

	/**
	 * Adds a user who may do less than the default one.
	 * @param name its name
	 * @param secret its password
	 * @param rules what it may do, for example {@code "~crm:* &crm:* +@all -@dangerous"}
	 * @return the options
	 */
	public RedisOptions withUser(String name, String secret, String rules) {
		return with("user " + name + " on >" + secret + " " + rules);
	}

}
