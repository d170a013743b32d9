package com.nocobase.cluster.queue.redis;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

import com.nocobase.cluster.queue.QueueHost;
import com.nocobase.cluster.redis.RedisNames;

/**
 * This instance at the server from a connect to a disconnect. What it owns is renewed
 * while it is open. Safe from any thread.
 */
final class QueueSession {

	private final QueueHost host;

	private final String nonce = UUID.randomUUID().toString();

	private final String name;

	private final AtomicLong numbers = new AtomicLong();

	private volatile boolean open = true;

	QueueSession(QueueHost host, RedisQueueServer queue) {
		this.host = host;
		this.name = RedisNames.text(queue.server().signalChannel()) + '#' + this.nonce + ':'
				+ queue.ownership().toMillis();
	}

	/**
	 * Returns the channel on which a session is signalled.
	 * @param owner name of a session, or a token of it
	 * @return the channel
	 */
	static String signalChannel(String owner) {
		return owner.substring(0, owner.lastIndexOf('#'));
	}

	QueueHost host() {
		return this.host;
	}

	/**
	 * Returns its name: the channel on which it is signalled, something unique, and how
	 * long it owns what it does not renew.
	 * @return {@code channel#unique:milliseconds}
	 */
	String name() {
		return this.name;
	}

	boolean owns(String token) {
		return token.startsWith(this.name + '|');
	}

	/**
	 * Returns a number that this session has not used.
	 * @return the next number
	 */
	String number() {
		return Long.toString(this.numbers.incrementAndGet());
	}

	/**
	 * Returns the owner of tasks taken by one call.
	 * @param number number of the call
	 * @return the token
	 */
	String token(String number) {
		return this.name + '|' + number;
	}

	/**
	 * Returns who waits for work.
	 * @param consumer name of a consumer
	 * @return its name, which no other session's has
	 */
	String waiter(String consumer) {
		return this.name + '|' + consumer;
	}

	/**
	 * Returns a lane of this session.
	 * @param kind what is called on it
	 * @return its name, which no other session has
	 */
	String lane(String kind) {
		return kind + ':' + this.nonce;
	}

	boolean isOpen() {
		return this.open;
	}

	void close() {
		this.open = false;
	}

}
