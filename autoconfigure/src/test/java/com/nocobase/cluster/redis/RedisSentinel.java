package com.nocobase.cluster.redis;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.awaitility.Awaitility.await;

/**
 * A master and its replica, watched by Sentinels which make the replica the master when
 * the master has been away for two seconds. With less they do it unasked on a busy
 * machine.
 */
public final class RedisSentinel implements AutoCloseable {

	private static final String NAME = "tests";

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private final List<RedisProcess> servers = new ArrayList<>();

	private final List<RedisProcess> sentinels = new ArrayList<>();

	private RedisSentinel() {
	}

	/**
	 * Starts two servers and their Sentinels, which takes some seconds.
	 * @param sentinels how many, one or three
	 * @return the servers, the replica in step with its master
	 */
	public static RedisSentinel start(int sentinels) {
		RedisSentinel sentinel = new RedisSentinel();
		try {
			sentinel.startServers();
			sentinel.startSentinels(sentinels);
		}
		catch (RuntimeException ex) {
			sentinel.close();
			throw ex;
		}
		return sentinel;
	}

	/**
	 * Returns the server that the Sentinels call the master.
	 * @return the master, which may be dead
	 */
	public RedisProcess master() {
		int port = masterPort(this.sentinels.get(0));
		return this.servers.stream().filter((each) -> each.port() == port).findFirst().orElseThrow();
	}

	/**
	 * Returns the server that the Sentinels do not call the master.
	 * @return the replica, which may be dead
	 */
	public RedisProcess replica() {
		RedisProcess master = master();
		return this.servers.stream().filter((each) -> each != master).findFirst().orElseThrow();
	}

	public List<RedisProcess> sentinels() {
		return List.copyOf(this.sentinels);
	}

	/**
	 * Kills the master and waits until the replica has taken over. What it had not yet
	 * been sent is lost.
	 * @return the dead master; started again it becomes the replica
	 */
	public RedisProcess killMaster() {
		RedisProcess old = master();
		RedisProcess next = replica();
		old.kill();
		awaitMaster(next);
		return old;
	}

	/**
	 * Has the Sentinels swap the roles of two healthy servers, and waits until both have
	 * their new ones. The old master takes writes for some two seconds more, and loses
	 * them.
	 */
	public void failover() {
		RedisProcess next = replica();
		this.sentinels.get(0).command("SENTINEL", "FAILOVER", NAME);
		awaitMaster(next);
		awaitReplica();
	}

	/**
	 * Waits until the replica has all that its master has.
	 */
	public void awaitReplica() {
		await().atMost(LIMIT)
			.pollInterval(Duration.ofMillis(50))
			// a server that changes its role closes its connections
			.ignoreExceptionsInstanceOf(UncheckedIOException.class)
			.until(() -> isInStep(master(), replica()));
	}

	/**
	 * Returns the settings with which a Spring Boot application finds the master.
	 * @return pairs {@code name=value}
	 */
	public String[] properties() {
		return new String[] { "spring.data.redis.sentinel.master=" + NAME,
				"spring.data.redis.sentinel.nodes=" + this.sentinels.stream()
					.map((each) -> each.host() + ":" + each.port())
					.collect(Collectors.joining(",")) };
	}

	@Override
	public void close() {
		Stream.concat(this.sentinels.stream(), this.servers.stream()).forEach(RedisProcess::close);
	}

	private void startServers() {
		RedisProcess master = RedisProcess.start();
		this.servers.add(master);
		this.servers
			.add(RedisProcess.start(RedisOptions.none().with("replicaof " + master.host() + " " + master.port())));
		await().atMost(LIMIT)
			.pollInterval(Duration.ofMillis(50))
			.until(() -> master.command("INFO", "replication").contains("state=online"));
	}

	private void startSentinels(int count) {
		RedisProcess master = this.servers.get(0);
		RedisOptions options = RedisOptions.sentinelOf(
				"sentinel monitor " + NAME + " " + master.host() + " " + master.port() + " " + (count / 2 + 1),
				"sentinel down-after-milliseconds " + NAME + " 2000", "sentinel failover-timeout " + NAME + " 3000");
		for (int i = 0; i < count; i++) {
			RedisProcess sentinel = RedisProcess.start(options);
			this.sentinels.add(sentinel);
			hasten(sentinel);
		}
		await().atMost(LIMIT)
			.pollInterval(Duration.ofMillis(50))
			.until(() -> this.sentinels.stream()
				.allMatch((each) -> each.command("INFO", "sentinel").contains("slaves=1,sentinels=" + count)));
	}

	/**
	 * Lets a Sentinel make a replica of an old master in two seconds where it would take
	 * ten.
	 */
	private static void hasten(RedisProcess sentinel) {
		try {
			sentinel.command("SENTINEL", "DEBUG", "info-period", "500", "publish-period", "500");
		}
		catch (IllegalStateException ex) {
			// Redis 6 cannot, and takes its time
		}
	}

	private void awaitMaster(RedisProcess next) {
		await().atMost(LIMIT)
			.pollInterval(Duration.ofMillis(50))
			.ignoreExceptionsInstanceOf(UncheckedIOException.class)
			.until(() -> next.command("INFO", "replication").contains("role:master")
					&& this.sentinels.stream().allMatch((each) -> masterPort(each) == next.port()));
	}

	private static boolean isInStep(RedisProcess master, RedisProcess replica) {
		String info = replica.command("INFO", "replication");
		if (!info.contains("master_link_status:up") || !info.contains("master_port:" + master.port())) {
			return false;
		}
		try (RespClient client = master.connect()) {
			// WAIT is about what was written before the last command of its own
			// connection
			client.command("PING");
			return "1".equals(client.command("WAIT", "1", "1000"));
		}
	}

	private static int masterPort(RedisProcess sentinel) {
		return Integer.parseInt(sentinel.command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME).split("\n")[1]);
	}

}
