package com.nocobase.cluster.cache.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.nocobase.cluster.cache.redis.CacheEvent.Kind;
import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.redis.TcpProxy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Three processes read and change the same rows through their caches, at random, while
 * their Redis is cut off, silent, paused and killed. Each value that they were served is
 * compared with what was true then. The same faults come again with
 * {@code -Dcache.checker.seed}.
 *
 * @see StaleReads
 */
class CacheCheckerTests {

	private static final Path OUTPUT = Path.of("target", "cache-checker");

	private static final Duration MAX_SILENCE = Duration.ofSeconds(2);

	private static final Duration TIMEOUT = Duration.ofMillis(500);

	private static final Duration RETRY_AFTER = Duration.ofMillis(300);

	/** What failed while the circuit closed is tried once more. */
	private static final Duration MADE_UP = RETRY_AFTER.plus(TIMEOUT);

	private static final Duration LONG_TTL = Duration.ofMinutes(10);

	private static final Duration SHORT_TTL = Duration.ofSeconds(1);

	private final long seed = Long.getLong("cache.checker.seed", ThreadLocalRandom.current().nextInt());

	private final RedisProcess redis = RedisProcess.start();

	private final List<TcpProxy> networks = Stream.generate(() -> TcpProxy.to(this.redis.host(), this.redis.port()))
		.limit(CacheRows.PROCESSES)
		.toList();

	private final List<CacheChild> children = new ArrayList<>();

	@AfterEach
	void stop() {
		this.children.forEach(CacheChild::close);
		this.networks.forEach(TcpProxy::close);
		this.redis.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "near", "redis" })
	void nothingIsServedOldBeyondTheBound(String store) throws Exception {
		check(store, 2, Duration.ofSeconds(6));
	}

	@ParameterizedTest
	@ValueSource(strings = { "near", "redis" })
	@Tag("chaos")
	void nothingIsServedOldBeyondTheBoundInAMinuteWithTenFaults(String store) throws Exception {
		List<CacheEvent> events = check(store, 10, Duration.ofMinutes(1));

		assertThat(events).as("changes that were not confirmed, and are looked for again")
			.anyMatch((each) -> each.kind() == Kind.CHANGE && !each.reached());
	}

	private List<CacheEvent> check(String store, int faults, Duration time) throws IOException {
		boolean near = store.equals("near");
		start(store, near ? LONG_TTL : SHORT_TTL);
		CacheFaults played = new CacheFaults(this.redis, this.networks, this.seed);
		this.children.forEach((child) -> child.tell(time.toMillis()));
		played.play(faults, time.minus(MAX_SILENCE), (time.toSeconds() > 10) ? Duration.ofSeconds(5) : MAX_SILENCE);
		this.children.forEach((child) -> child.await("done"));

		List<CacheEvent> events = this.children.stream().flatMap(CacheChild::events).toList();
		List<String> stale = new StaleReads(
				near ? CacheBounds.near(MAX_SILENCE, MADE_UP) : CacheBounds.redis(SHORT_TTL, MADE_UP), events)
			.find();
		System.out.printf("Cache checker, %s, seed %s: %s reads, %s loads, %s changes (%s not confirmed)%n%s%n", store,
				this.seed, count(events, Kind.READ), count(events, Kind.LOAD), count(events, Kind.CHANGE),
				events.stream().filter((each) -> each.kind() == Kind.CHANGE && !each.reached()).count(), played);
		assertThat(stale).as("seed %s, faults:%n%s", this.seed, played).isEmpty();
		assertThat(count(events, Kind.READ)).as("reads").isGreaterThan(20 * time.toSeconds());
		assertThat(count(events, Kind.CHANGE)).as("changes").isGreaterThan(5 * time.toSeconds());
		return events;
	}

	private void start(String store, Duration sharedTtl) throws IOException {
		Files.createDirectories(OUTPUT);
		Path directory = Files.createTempDirectory(OUTPUT, store + "-").toAbsolutePath();
		IntStream.range(0, CacheRows.PROCESSES)
			.forEach((i) -> this.children.add(CacheChild.start(i, directory, this.seed, sharedTtl,
					RedisNodes.settings(store, this.networks.get(i).properties(),
							"nocobase.cluster.redis.timeout=" + TIMEOUT.toMillis() + "ms",
							"nocobase.cluster.redis.max-silence=" + MAX_SILENCE.toMillis() + "ms",
							"nocobase.cluster.cache.retry-after=" + RETRY_AFTER.toMillis() + "ms",
							"nocobase.cluster.instance-id=child-" + i))));
		this.children.forEach((child) -> child.await("ready"));
	}

	private static long count(List<CacheEvent> events, Kind kind) {
		return events.stream().filter((each) -> each.kind() == kind).count();
	}

}
