package com.nocobase.cluster.queue.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisServerException;
import com.nocobase.cluster.support.Alarm;

/**
 * Renews what this session owns, and gives back what dead ones did, in the channels that
 * it uses: three times within the ownership while anybody owns anything there, else once.
 * Where there is one server it is one command, however many channels there are; in a
 * Redis Cluster no node is waited for before the next one is asked.
 */
final class OwnershipSweep {

	private static final int PER_CALL = 64;

	private static final int PER_CHANNEL = 3;

	private final QueueSession session;

	private final RedisQueueServer queue;

	private final Collection<RedisChannel> channels;

	private final Alarm alarm;

	OwnershipSweep(QueueSession session, RedisQueueServer queue, Collection<RedisChannel> channels) {
		this.session = session;
		this.queue = queue;
		this.channels = channels;
		this.alarm = new Alarm(queue.runtime(), () -> queue.runtime().executor().execute(this::sweep));
	}

	/** Sweeps in a third of the ownership at the latest. */
	void soon() {
		if (this.session.isOpen()) {
			this.alarm.within(this.queue.ownership().dividedBy(3));
		}
	}

	void stop() {
		this.alarm.cancel();
	}

	private void sweep() {
		if (!this.session.isOpen()) {
			return;
		}
		this.alarm.within(this.queue.ownership());
		List<RedisChannel> used = this.channels.stream()
			.filter((channel) -> channel.isOwning() || channel.consumer() != null)
			.toList();
		if (used.stream().anyMatch(RedisChannel::isOwning)) {
			soon();
		}
		int most = this.queue.server().isCluster() ? 1 : PER_CALL;
		for (int from = 0; from < used.size(); from += most) {
			sweep(used.subList(from, Math.min(used.size(), from + most)));
		}
	}

	private void sweep(List<RedisChannel> part) {
		List<byte[]> keys = new ArrayList<>();
		List<byte[]> args = new ArrayList<>();
		args.add(RedisNames.bytes(this.session.name()));
		args.add(RedisNames.bytes(this.queue.ownership().toMillis()));
		for (RedisChannel channel : part) {
			keys.addAll(List.of(channel.keys().all(this.session.lane("sweep"))));
			args.add(RedisNames.bytes(channel.isOwning() ? 1 : 0));
		}
		try {
			this.queue.server()
				.start(this.queue.scripts().sweep, keys.toArray(byte[][]::new), args.toArray(byte[][]::new))
				.whenComplete((answer, ex) -> {
					if (ex != null) {
						failed(ex);
						return;
					}
					for (int i = 0; i < part.size(); i++) {
						swept(part.get(i), answer.subList(PER_CHANNEL * i, PER_CHANNEL * (i + 1)));
					}
				});
		}
		catch (RedisServerException ex) {
			failed(ex);
		}
	}

	private void failed(Throwable cause) {
		this.queue.failed().warn("sweep", "Ownership of tasks could not be renewed; trying again", cause);
		if (this.session.isOpen()) {
			this.alarm.within(Duration.ofSeconds(1));
		}
	}

	private void swept(RedisChannel channel, List<Object> answer) {
		RedisConsumer consumer = channel.consumer();
		if (consumer != null) {
			consumer.dueIn((Long) answer.get(0));
			if ((Long) answer.get(1) > 0) {
				consumer.look();
			}
		}
		if ((Long) answer.get(2) > 0) {
			soon();
		}
	}

}
