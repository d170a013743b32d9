package com.nocobase.cluster.lock.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.lock.FencedLockAdapter;
import com.nocobase.cluster.lock.LockException;
import com.nocobase.cluster.lock.LockGrant;
import com.nocobase.cluster.lock.LockRenewal;
import com.nocobase.cluster.lock.LockRenewalResult;
import com.nocobase.cluster.lock.LockRequest;
import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisScript;
import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.redis.RedisServerException;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Nanos;

/**
 * Locks in Redis, each step one script.
 * <ol>
 * <li>Who asks gets the free lock with a token above all earlier ones, or stands in the
 * lock's queue.</li>
 * <li>Who gives back hands the lock to the first waiter that can be reached, and tells
 * only its instance. So locks are fair across instances, and nobody retries in vain.</li>
 * <li>A waiter sleeps until it is told, until the holder's time is over, or for a while:
 * then it asks again, which also says that it still waits. One that has crashed is passed
 * over, as its instance does not listen, or when it has not asked for too long.</li>
 * <li>Asking again answers with the grant that was made before, so a repeated command, a
 * lost reply and lost news do no harm.</li>
 * </ol>
 */
final class RedisLeases implements FencedLockAdapter {

	private static final Log logger = LogFactory.getLog(RedisLeases.class);

	private static final RedisScript<List<Object>> ASK = RedisScript.ofList(RedisLeases.class, "lock.lua",
			"ask-free.lua", "hand-over.lua", "ask.lua");

	private static final RedisScript<Long> RELEASE = RedisScript.ofNumber(RedisLeases.class, "lock.lua",
			"release-alone.lua", "hand-over.lua", "release.lua");

	private static final RedisScript<List<Object>> RENEW = RedisScript.ofList(RedisLeases.class, "renew.lua");

	/** How long a waiter sleeps at most. */
	private static final long SLEEP = Duration.ofSeconds(2).toNanos();

	/** How long a waiter sleeps at most while this instance cannot be reached. */
	private static final long SLEEP_UNHEARD = Duration.ofMillis(250).toNanos();

	private static final byte[] NONE = RedisNames.bytes("0");

	private static final byte[] MAY_WAIT = RedisNames.bytes("1");

	/** Most leases that one script renews; more would hold up the server. */
	private static final int RENEWALS = 250;

	/** How long the answers to renewals are waited for at least. */
	private static final long SHORTEST_RENEWAL = Duration.ofMillis(250).toNanos();

	private final RedisServer server;

	private final ClusterRuntime runtime;

	private final LeaseKeys keys;

	private final LeaseWaiters waiters;

	private final RedisScript<List<Object>> ask;

	private final RedisScript<Long> release;

	RedisLeases(RedisServer server, ClusterRuntime runtime) {
		this.server = server;
		this.runtime = runtime;
		this.keys = new LeaseKeys(server.names());
		this.waiters = new LeaseWaiters(runtime, this::leave);
		// Only a single server tells how many a message reaches.
		this.ask = ASK.with("EXACT", !server.isCluster());
		this.release = RELEASE.with("EXACT", !server.isCluster());
		server.onSignal('l', this.waiters::signalled);
		server.listen(this.waiters);
	}

	@Override
	public Optional<LockGrant> acquire(LockRequest request) throws InterruptedException {
		boolean waits = !request.maxWait().isZero();
		boolean leaves = true;
		try {
			LockGrant grant = waits ? await(request) : ask(request, null);
			leaves = waits && grant == null;
			return Optional.ofNullable(grant);
		}
		catch (RedisServerException ex) {
			throw new LockException("Lock '%s' cannot be had".formatted(request.key()), ex);
		}
		finally {
			if (leaves) {
				leave(request.key(), request.owner());
			}
		}
	}

	private @Nullable LockGrant await(LockRequest request) throws InterruptedException {
		LeaseWaiter waiter = this.waiters.add(request);
		boolean granted = false;
		try {
			long maxWait = Nanos.of(request.maxWait());
			long start = this.runtime.nanoTime();
			LockGrant grant = ask(request, waiter);
			long rest = maxWait - (this.runtime.nanoTime() - start);
			while (grant == null && rest > 0) {
				waiter.sleep(Math.min(rest, this.server.isLost() ? SLEEP_UNHEARD : SLEEP));
				grant = waiter.isGranted() ? waiter.grant() : ask(request, waiter);
				rest = maxWait - (this.runtime.nanoTime() - start);
			}
			granted = grant != null;
			return grant;
		}
		finally {
			this.waiters.remove(request, granted);
		}
	}

	private @Nullable LockGrant ask(LockRequest request, @Nullable LeaseWaiter waiter) {
		long askedAt = this.runtime.nanoTime();
		byte[][] lock = this.keys.all(request.key());
		byte[] owner = RedisNames.bytes(request.owner());
		byte[] ttl = millis(request.ttl());
		List<Object> answer = (waiter != null)
				? this.server.run(this.ask, lock, owner, ttl, this.server.signalChannel())
				: this.server.run(this.ask, lock, owner, ttl);
		if ((Long) answer.get(0) == 1) {
			return new LockGrant(request.key(), request.owner(), askedAt, number(answer.get(1)));
		}
		if (waiter != null) {
			waiter.busy(askedAt, Duration.ofMillis((Long) answer.get(1)), number(answer.get(2)));
		}
		return null;
	}

	private void leave(String key, String owner) {
		try {
			// Also gives back what was granted meanwhile, or in a call without a reply.
			this.server.send(this.release, this.keys.all(key), RedisNames.bytes(owner), NONE, MAY_WAIT)
				.whenComplete((was, ex) -> {
					if (ex != null) {
						logger.debug(LogMessage.format("A waiter of lock '%s' is still in its queue", key), ex);
					}
				});
		}
		catch (RedisServerException ex) {
			logger.debug(LogMessage.format("A waiter of lock '%s' is still in its queue", key), ex);
		}
	}

	@Override
	public void release(LockGrant grant, Duration keep) {
		this.waiters.released(grant.owner());
		byte[][] lock = this.keys.all(grant.key());
		byte[] owner = RedisNames.bytes(grant.owner());
		try {
			if (keep.isZero()) {
				this.server.finish(this.release, lock, owner);
			}
			else {
				this.server.finish(this.release, lock, owner, millis(keep));
			}
		}
		catch (RedisServerException ex) {
			throw new LockException("Lock '%s' could not be given back".formatted(grant.key()), ex);
		}
	}

	@Override
	public LockRenewalResult renew(List<LockRenewal> renewals) {
		List<Renewing> sent = send(renewals);
		RuntimeException failure = awaitAll(sent, renewals);
		Set<LockGrant> lost = new HashSet<>();
		Set<LockGrant> unknown = new HashSet<>();
		for (Renewing each : sent) {
			List<Object> renewed = each.answerNow();
			for (int i = 0; i < each.renewals().size(); i++) {
				LockGrant grant = each.renewals().get(i).grant();
				if (renewed == null) {
					unknown.add(grant);
				}
				else if ((Long) renewed.get(i) == 0) {
					lost.add(grant);
				}
			}
		}
		return new LockRenewalResult(lost, unknown, failure);
	}

	/**
	 * Waits for all answers. A node that does not answer must not make the leases on
	 * others come to their end, so how long depends on the shortest of them.
	 * @param sent the scripts on their way
	 * @param renewals what they renew
	 * @return why not all answers are there, or {@code null}
	 */
	private @Nullable RedisServerException awaitAll(List<Renewing> sent, List<LockRenewal> renewals) {
		long shortest = renewals.stream().mapToLong((renewal) -> Nanos.of(renewal.ttl())).min().orElse(0);
		CompletableFuture<?>[] answers = sent.stream().map(Renewing::answer).toArray(CompletableFuture<?>[]::new);
		try {
			this.server.await(CompletableFuture.allOf(answers),
					Duration.ofNanos(Math.max(SHORTEST_RENEWAL, shortest / 4)));
			return null;
		}
		catch (RedisServerException ex) {
			return ex;
		}
	}

	private List<Renewing> send(List<LockRenewal> renewals) {
		List<Renewing> sent = new ArrayList<>();
		Map<Integer, List<LockRenewal>> buckets = renewals.stream()
			.collect(Collectors.groupingBy((renewal) -> LeaseKeys.bucket(renewal.grant().key())));
		try {
			for (List<LockRenewal> bucket : buckets.values()) {
				for (int from = 0; from < bucket.size(); from += RENEWALS) {
					sent.add(sendOne(bucket.subList(from, Math.min(bucket.size(), from + RENEWALS))));
				}
			}
			return sent;
		}
		catch (RedisServerException ex) {
			throw new LockException("%d leases could not be renewed".formatted(renewals.size()), ex);
		}
	}

	private Renewing sendOne(List<LockRenewal> renewals) {
		byte[][] holders = new byte[renewals.size()][];
		byte[][] args = new byte[2 * renewals.size()][];
		for (int i = 0; i < renewals.size(); i++) {
			LockRenewal renewal = renewals.get(i);
			holders[i] = this.keys.holder(renewal.grant().key());
			args[2 * i] = RedisNames.bytes(renewal.grant().owner());
			args[2 * i + 1] = millis(renewal.ttl());
		}
		return new Renewing(renewals, this.server.send(RENEW, holders, args));
	}

	private static byte[] millis(Duration duration) {
		// Rounded up, so that the server's end is not before ours.
		return RedisNames.bytes(-Math.floorDiv(-Nanos.of(duration), 1_000_000L));
	}

	private static long number(Object digits) {
		return Long.parseLong(RedisNames.text(digits));
	}

	/**
	 * A script on its way.
	 *
	 * @param renewals what it renews
	 * @param answer for each whether it was held
	 */
	private record Renewing(List<LockRenewal> renewals, CompletableFuture<List<Object>> answer) {

		@Nullable List<Object> answerNow() {
			boolean isThere = this.answer.isDone() && !this.answer.isCompletedExceptionally();
			return isThere ? this.answer.join() : null;
		}

	}

}
