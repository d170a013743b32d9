package com.nocobase.cluster.worker.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.redis.HeartbeatPart;
import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisScript;
import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.redis.RedisServerException;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.worker.WorkerIdLease;

/**
 * A worker id of this instance, renewed by its heartbeat. It is lost, for good, when no
 * renewal was confirmed for as long as the lease lasts, counted by the monotonic clock
 * from before the request, or when the server says that it has another holder.
 */
final class RedisWorkerIdLease implements WorkerIdLease, HeartbeatPart {

	private static final Log logger = LogFactory.getLog(RedisWorkerIdLease.class);

	private static final String RENEW = RedisScript.read(RedisWorkerIdLease.class, "renew.lua");

	private static final RedisScript<Long> GIVE_BACK = RedisScript.ofNumber(RedisWorkerIdLease.class, "give-back.lua");

	private final RedisServer server;

	private final byte[] registry;

	private final int workerId;

	private final String token;

	private final Duration ttl;

	private final ClusterRuntime runtime;

	private final Instant floor;

	/** What the server has confirmed; nothing when the lease is lost or given back. */
	private final AtomicReference<@Nullable Confirmed> confirmed;

	private final AtomicBoolean closed = new AtomicBoolean();

	private volatile Subscription riding = () -> {
	};

	RedisWorkerIdLease(RedisServer server, byte[] registry, int workerId, String token, Duration ttl,
			ClusterRuntime runtime, Instant floor, Confirmed confirmed) {
		this.server = server;
		this.registry = registry;
		this.workerId = workerId;
		this.token = token;
		this.ttl = ttl;
		this.runtime = runtime;
		this.floor = floor;
		this.confirmed = new AtomicReference<>(confirmed);
	}

	/** Lets the renewal ride with the heartbeat from now on. */
	void ride() {
		this.riding = this.server.heartbeat().add(this, this.ttl.dividedBy(3));
	}

	@Override
	public int workerId() {
		return this.workerId;
	}

	@Override
	public Instant floor() {
		return this.floor;
	}

	@Override
	public Instant horizon() {
		Confirmed current = this.confirmed.get();
		return (current != null && this.runtime.nanoTime() - current.until < 0) ? current.horizon : Instant.MIN;
	}

	@Override
	public String name() {
		return "worker-id";
	}

	@Override
	public String script() {
		return RENEW;
	}

	@Override
	public @Nullable Request request() {
		Confirmed current = this.confirmed.get();
		if (current == null) {
			return null;
		}
		if (this.runtime.nanoTime() - current.until >= 0) {
			lose("no renewal was confirmed within " + this.ttl);
			return null;
		}
		long ahead = this.runtime.clock().instant().plus(this.ttl).getEpochSecond();
		return new Request(List.of(this.registry),
				List.of(RedisNames.bytes(this.workerId), RedisNames.bytes(this.token),
						RedisNames.bytes(this.ttl.toMillis()),
						RedisNames.bytes(Math.max(ahead, current.horizon.getEpochSecond())),
						RedisNames.bytes(this.floor.getEpochSecond()), RedisNames.bytes(current.endsAt)));
	}

	@Override
	public void answered(long askedAt, List<Object> answer) {
		if ((Long) answer.get(0) == 0) {
			lose("the server knows another holder, or none any more");
			return;
		}
		Confirmed next = new Confirmed(askedAt + this.ttl.toNanos(),
				Instant.ofEpochSecond(RedisWorkerIds.number(answer.get(2))), RedisWorkerIds.number(answer.get(1)));
		// Heartbeats may overlap, so that an older one is answered last.
		this.confirmed.updateAndGet((last) -> (last != null && next.until - last.until > 0) ? next : last);
	}

	private void lose(String why) {
		if (this.confirmed.getAndSet(null) != null) {
			logger.warn(LogMessage.format("Worker id %d is lost: %s", this.workerId, why));
			this.riding.close();
		}
	}

	@Override
	public void close() {
		end(() -> "");
	}

	@Override
	public void giveBack(Supplier<Instant> used) {
		end(() -> Long.toString(used.get().getEpochSecond()));
	}

	private void end(Supplier<String> used) {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		this.confirmed.set(null);
		this.riding.close();
		try {
			this.server.run(GIVE_BACK, new byte[][] { this.registry }, RedisNames.bytes(this.workerId),
					RedisNames.bytes(this.token), RedisNames.bytes(used.get()));
		}
		catch (RedisServerException ex) {
			logger.warn(LogMessage.format("Worker id %d could not be given back; it is free after %s", this.workerId,
					this.ttl), ex);
		}
	}

	/**
	 * What the server has confirmed.
	 *
	 * @param until monotonic time at which the lease counts as lost
	 * @param horizon second up to which ids may be given out
	 * @param endsAt end of the lease by the server's clock
	 */
	record Confirmed(long until, Instant horizon, long endsAt) {

	}

}
