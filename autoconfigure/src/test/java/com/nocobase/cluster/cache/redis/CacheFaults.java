package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.redis.TcpProxy;

import static org.awaitility.Awaitility.await;

/**
 * A server that is cut off from its instances, stands still and is killed, one after the
 * other, at random moments and for random times.
 */
final class CacheFaults {

	private static final long SHORTEST = 200;

	private final RedisProcess redis;

	private final List<TcpProxy> networks;

	private final Random random;

	/** What was done, for the description of a failure. */
	private final List<String> done = new ArrayList<>();

	CacheFaults(RedisProcess redis, List<TcpProxy> networks, long seed) {
		this.redis = redis;
		this.networks = networks;
		this.random = new Random(seed);
	}

	/**
	 * Lets faults happen.
	 * @param times how many
	 * @param during how long; half of it is without fault, on an average
	 * @param longest the longest one; half of them are at most a quarter of it
	 */
	void play(int times, Duration during, Duration longest) {
		List<Fault> faults = new ArrayList<>();
		while (faults.size() < times) {
			List<Fault> all = new ArrayList<>(List.of(Fault.values()));
			Collections.shuffle(all, this.random);
			faults.addAll(all);
		}
		long slot = during.toMillis() / times;
		long begin = System.nanoTime();
		for (int i = 0; i < times; i++) {
			long limit = longest.toMillis() / ((i % 2 == 0) ? 4 : 1);
			long length = Math.min(slot, this.random.nextLong(SHORTEST, limit));
			long from = i * slot + this.random.nextLong(slot - length + 1);
			until(begin, from);
			happen(faults.get(i), this.networks.get(this.random.nextInt(this.networks.size())), begin, from + length);
		}
		until(begin, during.toMillis());
	}

	private void happen(Fault fault, TcpProxy network, long begin, long end) {
		List<TcpProxy> hit = fault.hitsAll ? this.networks : List.of(network);
		long from = System.nanoTime();
		hit.forEach(fault.begin);
		fault.serverBegin.accept(this.redis);
		until(begin, end);
		hit.forEach(fault.end);
		fault.serverEnd.accept(this.redis);
		this.done.add("%s of %s from %d to %d".formatted(fault, fault.hitsAll ? "all" : this.networks.indexOf(network),
				from, System.nanoTime()));
	}

	private static void until(long begin, long millis) {
		long left = millis - (System.nanoTime() - begin) / 1_000_000;
		if (left > 0) {
			await().pollDelay(Duration.ofMillis(left)).atMost(Duration.ofMillis(left).plusMinutes(1)).until(() -> true);
		}
	}

	@Override
	public String toString() {
		return String.join("\n", this.done);
	}

	private enum Fault {

		CUT(false, TcpProxy::cut, TcpProxy::restore, (redis) -> {
		}, (redis) -> {
		}),

		SILENCE(false, TcpProxy::silence, TcpProxy::resume, (redis) -> {
		}, (redis) -> {
		}),

		CUT_ALL(true, TcpProxy::cut, TcpProxy::restore, (redis) -> {
		}, (redis) -> {
		}),

		SILENCE_ALL(true, TcpProxy::silence, TcpProxy::resume, (redis) -> {
		}, (redis) -> {
		}),

		PAUSE(true, (network) -> {
		}, (network) -> {
		}, RedisProcess::pause, RedisProcess::resume),

		KILL(true, (network) -> {
		}, (network) -> {
		}, RedisProcess::kill, RedisProcess::startAgain);

		private final boolean hitsAll;

		private final Consumer<TcpProxy> begin;

		private final Consumer<TcpProxy> end;

		private final Consumer<RedisProcess> serverBegin;

		private final Consumer<RedisProcess> serverEnd;

		Fault(boolean hitsAll, Consumer<TcpProxy> begin, Consumer<TcpProxy> end, Consumer<RedisProcess> serverBegin,
				Consumer<RedisProcess> serverEnd) {
			this.hitsAll = hitsAll;
			this.begin = begin;
			this.end = end;
			this.serverBegin = serverBegin;
			this.serverEnd = serverEnd;
		}

	}

}
