package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import com.nocobase.cluster.cache.CacheNodes;
import com.nocobase.cluster.cache.CacheSpec;
import com.nocobase.cluster.cache.ClusterCache;
import com.nocobase.cluster.cache.ClusterCacheManager;
import com.nocobase.cluster.support.ChildJvm;

import static org.awaitility.Awaitility.await;

/**
 * An instance in a JVM of its own that reads a row through its cache all the time.
 */
public final class PolicyReader {

	static final String KEY = "policy";

	static final String SELECT = "SELECT version FROM policy";

	/** Asks for the value. */
	static final String READ = "read";

	/** Removes the entry and asks for the value, which then comes from the database. */
	static final String FORGET = "forget";

	/** Asks for all values that were seen since it was asked before, in order. */
	static final String SEEN = "seen";

	private static final int READS = 20;

	private final ClusterCache<Integer> cache;

	private final JdbcTemplate database;

	private final AtomicLong reads = new AtomicLong();

	private final List<Integer> seen = new ArrayList<>();

	private PolicyReader(ClusterCache<Integer> cache, JdbcTemplate database) {
		this.cache = cache;
		this.database = database;
	}

	static ChildJvm start(String app, String database, String... settings) {
		return ChildJvm.start(PolicyReader.class,
				Stream.concat(Stream.of(app, database), Stream.of(settings)).toList());
	}

	static ClusterCache<Integer> cache(CacheNodes nodes, String app) {
		return nodes.start(app)
			.getBean(ClusterCacheManager.class)
			.createCache("policies", CacheSpec.of(Integer.class).withTtl(Duration.ofMinutes(10)));
	}

	/**
	 * Runs the instance.
	 * @param args name of the application, address of the database, and settings
	 * @throws Exception if it does not start
	 */
	public static void main(String[] args) throws Exception {
		ChildJvm.serve(() -> {
			List<String> settings = List.of(args).subList(2, args.length);
			CacheNodes nodes = new CacheNodes(RedisNodes.class, settings.toArray(String[]::new));
			PolicyReader reader = new PolicyReader(cache(nodes, args[0]),
					new JdbcTemplate(new DriverManagerDataSource(args[1])));
			new SimpleAsyncTaskExecutor("reader-").execute(reader::run);
			return reader::answer;
		});
	}

	private void run() {
		while (true) {
			see(read());
			this.reads.incrementAndGet();
			LockSupport.parkNanos(100_000);
		}
	}

	private synchronized void see(int version) {
		if (this.seen.isEmpty() || this.seen.get(this.seen.size() - 1) != version) {
			this.seen.add(version);
		}
	}

	private String answer(String request) {
		return switch (request) {
			case READ -> Integer.toString(read());
			case FORGET -> forget();
			case SEEN -> seen();
			default -> throw new IllegalArgumentException(request);
		};
	}

	private int read() {
		return Objects.requireNonNull(this.cache.wrap(KEY, () -> this.database.queryForObject(SELECT, Integer.class)));
	}

	private String forget() {
		this.cache.del(KEY);
		return Integer.toString(read());
	}

	private String seen() {
		long enough = this.reads.get() + READS;
		await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).until(() -> this.reads.get() >= enough);
		synchronized (this) {
			String versions = this.seen.toString();
			this.seen.clear();
			return versions;
		}
	}

}
