package com.nocobase.cluster.redis;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static org.awaitility.Awaitility.await;

/**
 * A Redis Cluster of three masters without replicas: each node of it is a
 * {@link RedisProcess}.
 */
public final class RedisCluster implements AutoCloseable {

	private static final int SLOTS = 16_384;

	private static final Duration FORMATION = Duration.ofSeconds(30);

	private final List<RedisProcess> nodes;

	private RedisCluster(List<RedisProcess> nodes) {
		this.nodes = nodes;
	}

	/**
	 * Returns the cluster that tests share: use fresh names, never flush or stop it.
	 * @return the one of this JVM
	 */
	public static RedisCluster shared() {
		return Holder.SHARED;
	}

	/**
	 * Starts a cluster for one test, which takes some seconds.
	 * @return the cluster, ready for commands
	 */
	public static RedisCluster start() {
		RedisOptions options = RedisOptions.none()
			.with("cluster-enabled yes", "cluster-config-file nodes.conf", "cluster-node-timeout 2000",
					"cluster-require-full-coverage no", "cluster-announce-ip " + RedisProcess.HOST);
		RedisCluster cluster = new RedisCluster(Stream.generate(() -> RedisProcess.start(options)).limit(3).toList());
		try {
			cluster.form();
		}
		catch (RuntimeException ex) {
			cluster.close();
			throw ex;
		}
		return cluster;
	}

	public List<RedisProcess> nodes() {
		return this.nodes;
	}

	/**
	 * Returns the node that is responsible for a key.
	 * @param key the key
	 * @return its master
	 */
	public RedisProcess nodeOf(String key) {
		int slot = Integer.parseInt(this.nodes.get(0).command("CLUSTER", "KEYSLOT", key));
		return this.nodes.get(slot * this.nodes.size() / SLOTS);
	}

	/**
	 * Returns the settings with which a Spring Boot application reaches the cluster.
	 * @return pairs {@code name=value}
	 */
	public String[] properties() {
		return new String[] { "spring.data.redis.cluster.nodes="
				+ this.nodes.stream().map((node) -> node.host() + ":" + node.port()).collect(Collectors.joining(",")) };
	}

	@Override
	public void close() {
		this.nodes.forEach(RedisProcess::close);
	}

	private void form() {
		for (int i = 0; i < this.nodes.size(); i++) {
			RedisProcess node = this.nodes.get(i);
			node.command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
			node.command(Stream.concat(Stream.of("CLUSTER", "ADDSLOTS"), slots(i)).toArray(String[]::new));
			this.nodes.get(0).command("CLUSTER", "MEET", RedisProcess.HOST, Integer.toString(node.port()));
		}
		await().atMost(FORMATION)
			.pollInterval(Duration.ofMillis(50))
			.until(() -> this.nodes.stream().allMatch(this::knowsAll));
	}

	private Stream<String> slots(int index) {
		return IntStream.range(0, SLOTS)
			.filter((slot) -> slot * this.nodes.size() / SLOTS == index)
			.mapToObj(Integer::toString);
	}

	private boolean knowsAll(RedisProcess node) {
		String info = node.command("CLUSTER", "INFO");
		return info.contains("cluster_state:ok") && info.contains("cluster_slots_ok:" + SLOTS)
				&& info.contains("cluster_size:" + this.nodes.size());
	}

	/**
	 * Started at the first use, by one thread.
	 */
	private static final class Holder {

		static final RedisCluster SHARED = start();

	}

}
