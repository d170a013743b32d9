package com.nocobase.cluster.queue.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import io.lettuce.core.RedisFuture;
import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.redis.RedisServerException;

/**
 * Cancels tasks that other instances run: who has the task stands at the server, its
 * instance is signalled, and answers by a signal. Safe from any thread.
 */
final class TaskCancellations {

	private final RedisServer server;

	private final Map<String, CompletableFuture<Boolean>> asked = new ConcurrentHashMap<>();

	TaskCancellations(RedisServer server) {
		this.server = server;
	}

	/**
	 * Cancels a task.
	 * @param id id of the task
	 * @param session who asks
	 * @param channels where it may be
	 * @param timeout how long to wait for the answer
	 * @return whether its instance confirmed that it was running it
	 */
	boolean cancel(String id, QueueSession session, Collection<RedisChannel> channels, Duration timeout) {
		String owner = owner(id, channels);
		if (owner == null) {
			return false;
		}
		String number = session.number();
		CompletableFuture<Boolean> answer = new CompletableFuture<>();
		this.asked.put(number, answer);
		try {
			send(QueueSession.signalChannel(owner),
					"qc" + number + '\n' + RedisNames.text(this.server.signalChannel()) + '\n' + id);
			return this.server.await(answer, timeout);
		}
		catch (RedisServerException ex) {
			return false;
		}
		finally {
			this.asked.remove(number);
		}
	}

	/**
	 * Takes a signal.
	 * @param kind {@code c} for a question or {@code r} for the reply
	 * @param signal number of the question; channel for the reply and id, or the reply
	 * @param session this instance
	 */
	void signalled(char kind, SignalReader signal, QueueSession session) {
		String number = signal.text();
		if (kind == 'c') {
			String channel = signal.text();
			boolean cancelled = session.host().cancelHere(RedisNames.text(signal.rest()));
			send(channel, "qr" + number + '\n' + (cancelled ? 1 : 0));
			return;
		}
		CompletableFuture<Boolean> answer = this.asked.get(number);
		if (answer != null) {
			answer.complete(signal.text().equals("1"));
		}
	}

	private void send(String channel, String signal) {
		this.server.publish(RedisNames.bytes(channel), RedisNames.bytes(signal));
	}

	private @Nullable String owner(String id, Collection<RedisChannel> channels) {
		byte[] field = RedisNames.bytes(id);
		List<RedisFuture<byte[]>> owners = new ArrayList<>();
		this.server.callAll((commands) -> {
			channels.forEach((channel) -> owners.add(commands.hget(channel.keys().running(), field)));
			return owners;
		});
		return owners.stream()
			.map((owner) -> owner.toCompletableFuture().join())
			.filter((owner) -> owner != null)
			.findFirst()
			.map(RedisNames::text)
			.orElse(null);
	}

}
