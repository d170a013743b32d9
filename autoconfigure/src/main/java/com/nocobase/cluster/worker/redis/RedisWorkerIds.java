package com.nocobase.cluster.worker.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisScript;
import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.redis.RedisServerException;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.worker.WorkerIdAllocator;
import com.nocobase.cluster.worker.WorkerIdException;
import com.nocobase.cluster.worker.WorkerIdLease;

/**
 * Worker ids in a registry on Redis, the lowest free one first.
 * <ol>
 * <li>The registry keeps for each id its holder, the end of the lease by the server's
 * clock and the horizon: no id beyond it is given out before a renewal has raised it in
 * the registry. Whoever gets the id next starts above that horizon, so nothing is
 * repeated, whatever the clocks, crashes and pauses.</li>
 * <li>Entries stay for good, as the horizon of a crash must not be forgotten.</li>
 * <li>A server that lost its data has forgotten all horizons. So a registry that is new
 * gives out nothing for {@code SETTLING}, which is longer than two heartbeats: live
 * holders announce themselves again with the next one. The very first start of an
 * application waits that long once.</li>
 * <li>If any holder did so, others may still be cut off. Until their leases are over, ids
 * are given out from the highest one down, away from those that are held.</li>
 * </ol>
 * What remains: a server loses its data while all holders are cut off from it for longer
 * than {@code SETTLING} and a new instance is not. An old holder may then give out ids of
 * the new one's worker, until it is heard again or its lease is over.
 */
final class RedisWorkerIds implements WorkerIdAllocator {

	private static final Log logger = LogFactory.getLog(RedisWorkerIds.class);

	private static final RedisScript<List<Object>> ALLOCATE = RedisScript.ofList(RedisWorkerIds.class, "allocate.lua");

	static final Duration SETTLING = Duration.ofSeconds(3);

	private static final Duration LONGEST_WAIT = SETTLING.multipliedBy(3);

	private final RedisServer server;

	private final byte[] registry;

	private final Duration ttl;

	private final ClusterRuntime runtime;

	RedisWorkerIds(RedisServer server, Duration ttl, ClusterRuntime runtime) {
		this.server = server;
		this.registry = server.names().key("member", "workers");
		this.ttl = ttl;
		this.runtime = runtime;
	}

	@Override
	public WorkerIdLease allocate(int workerIds) {
		String token = UUID.randomUUID().toString().replace("-", "");
		long end = this.runtime.nanoTime() + LONGEST_WAIT.toNanos();
		while (true) {
			long askedAt = this.runtime.nanoTime();
			Instant horizon = this.runtime.clock().instant().plus(this.ttl);
			List<Object> answer = ask(token, workerIds, horizon);
			switch (RedisNames.text(answer.get(0))) {
				case "held" -> {
					return held(token, answer, askedAt, horizon);
				}
				case "settling" -> settle((Long) answer.get(1), end - askedAt);
				default -> throw new WorkerIdException(
						"None of the %d worker ids is free, the next one in %d ms at the earliest; raise "
							.formatted(workerIds, (Long) answer.get(1))
								+ "nocobase.cluster.worker-id.worker-bits on all instances",
						null);
			}
		}
	}

	private List<Object> ask(String token, int workerIds, Instant horizon) {
		try {
			return this.server.run(ALLOCATE, new byte[][] { this.registry }, RedisNames.bytes(token),
					RedisNames.bytes(workerIds), RedisNames.bytes(this.ttl.toMillis()),
					RedisNames.bytes(horizon.getEpochSecond()),
					RedisNames.bytes(this.runtime.clock().instant().getEpochSecond()),
					RedisNames.bytes(SETTLING.toMillis()));
		}
		catch (RedisServerException ex) {
			throw new WorkerIdException("No worker id could be had from " + this.server, ex);
		}
	}

	private WorkerIdLease held(String token, List<Object> answer, long askedAt, Instant horizon) {
		RedisWorkerIdLease lease = new RedisWorkerIdLease(this.server, this.registry,
				Math.toIntExact((Long) answer.get(1)), token, this.ttl, this.runtime,
				Instant.ofEpochSecond(number(answer.get(2))),
				new RedisWorkerIdLease.Confirmed(askedAt + this.ttl.toNanos(), horizon, number(answer.get(3))));
		lease.ride();
		return lease;
	}

	static long number(Object answer) {
		return Long.parseLong(RedisNames.text(answer));
	}

	private void settle(long millis, long rest) {
		if (rest <= 0) {
			throw new WorkerIdException("The registry of worker ids on %s is new and did not settle within %s"
				.formatted(this.server, LONGEST_WAIT), null);
		}
		logger.info(LogMessage.format("The registry of worker ids on %s is new; waiting %d ms for live holders",
				this.server, millis));
		LockSupport.parkNanos(this, Math.min(rest, TimeUnit.MILLISECONDS.toNanos(millis)));
		if (Thread.currentThread().isInterrupted()) {
			throw new WorkerIdException("Interrupted while waiting for a worker id", null);
		}
	}

}
