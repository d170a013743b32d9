package com.nocobase.cluster.queue;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import com.nocobase.cluster.message.MessageCodec;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Signals;

/**
 * What the parts of the event queue share.
 *
 * @param adapter the broker
 * @param codec tasks to bytes and back
 * @param runtime threads and clocks
 * @param signals counts what went wrong
 * @param properties the settings
 */
record QueueResources(QueueAdapter adapter, MessageCodec codec, ClusterRuntime runtime, Signals signals,
		QueueProperties properties) {

	/**
	 * Checks a timeout against what the broker bears.
	 * @param what what it is of
	 * @param timeout the timeout, {@code null} if none is set
	 * @throws IllegalArgumentException if the broker would take the task away before
	 */
	void checkTimeout(String what, @Nullable Duration timeout) {
		Duration longest = this.adapter.longestTimeout();
		Assert.isTrue(timeout == null || timeout.compareTo(longest) <= 0,
				() -> "%s must be at most %s, when the broker takes a task away, but is %s".formatted(what, longest,
						timeout));
	}

}
