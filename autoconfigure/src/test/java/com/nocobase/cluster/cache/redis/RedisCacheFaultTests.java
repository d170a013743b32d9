package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.cache.CacheException;
import com.nocobase.cluster.cache.CacheNodes;
import com.nocobase.cluster.cache.CacheSpec;
import com.nocobase.cluster.cache.ClusterCache;
import com.nocobase.cluster.cache.ClusterCacheManager;
import com.nocobase.cluster.cache.Counter;
import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.redis.TcpProxy;
import com.nocobase.cluster.support.Capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * One instance that loses its server, and another one that does not, but when the server
 * itself is away.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class RedisCacheFaultTests {

	private static final Duration TIMEOUT = Duration.ofMillis(400);

	private static final Duration IN_TIME = TIMEOUT.plusMillis(250);

	private static final CacheSpec<String> SPEC = CacheSpec.of(String.class).withTtl(Duration.ofMinutes(5));

	private final RedisProcess redis = RedisProcess.start();

	private final TcpProxy proxy = TcpProxy.to(this.redis.host(), this.redis.port());

	private final CacheNodes cutOff = nodes(this.proxy.properties());

	private final CacheNodes others = nodes(this.redis.properties());

	private final String app = "app-" + UUID.randomUUID();

	private ConfigurableApplicationContext instance;

	private ClusterCache<String> cache;

	private ClusterCache<String> other;

	String store() {
		return "redis";
	}

	private CacheNodes nodes(String[] server) {
		return new CacheNodes(RedisNodes.class,
				RedisNodes.settings(store(), server, "nocobase.cluster.redis.timeout=" + TIMEOUT.toMillis() + "ms",
						"nocobase.cluster.cache.retry-after=200ms"));
	}

	@BeforeAll
	void start() {
		this.instance = this.cutOff.start(this.app);
	}

	@BeforeEach
	void createCache() {
		String name = "c-" + UUID.randomUUID();
		this.cache = caches(this.instance).createCache(name, SPEC);
		this.other = caches(this.others.start(this.app)).createCache(name, SPEC);
		awaitReachable();
	}

	@AfterEach
	void endFaults() {
		this.proxy.resume();
		this.proxy.cut();
		this.proxy.restore();
		this.others.close();
	}

	@AfterAll
	void stop() {
		this.cutOff.close();
		this.proxy.close();
		this.redis.close();
	}

	@ParameterizedTest
	@EnumSource
	void callsReturnInTimeThenSkipRedisAndFindItAgain(Fault fault) {
		this.cache.set("k", "v");

		fault.begin.accept(this);
		assertThat(within(IN_TIME, () -> assertThat(this.cache.get("k")).isNull())).isTrue();
		assertThat(within(TIMEOUT.dividedBy(2), () -> {
			assertThat(this.cache.mget(List.of("k", "l"))).isEmpty();
			assertThat(this.cache.wrap("k", () -> "loaded")).isEqualTo("loaded");
			assertThat(this.cache.ttl("k")).isEmpty();
			assertThat(this.cache.keys("*")).isEmpty();
			assertThat(this.cache.getValueInObject("o", "f", String.class)).isNull();
		})).isTrue();
		assertThat(health()).isFalse();
		fault.end.accept(this);

		awaitReachable();
		// A server that was killed comes back empty.
		assertThat(this.cache.get("k")).isIn("v", null);
		this.cache.set("k", "w");
		assertThat(this.cache.get("k")).isEqualTo("w");
	}

	@ParameterizedTest
	@EnumSource
	void whatWasChangedMeanwhileIsNeverServedOld(Fault fault) {
		this.cache.mset(Map.of("set", "old", "deleted", "old", "loaded", "old"), null);
		this.cache.setValueInObject("object", "f", "old");
		this.cache.setValueInObject("object", "g", "old");

		fault.begin.accept(this);
		this.cache.set("set", "new");
		this.cache.mdel(List.of("deleted", "loaded"));
		this.cache.setValueInObject("object", "f", "new");
		assertThat(this.cache.wrap("loaded", () -> "new")).isEqualTo("new");
		fault.end.accept(this);

		await().until(() -> {
			assertThat(this.cache.get("set")).isIn(null, "new");
			assertThat(this.cache.mget(List.of("deleted", "loaded")).values()).doesNotContain("old");
			assertThat(this.cache.getValueInObject("object", "f", String.class)).isIn(null, "new");
			return health();
		});
		assertThat(this.other.mget(List.of("set", "deleted", "loaded")).values()).doesNotContain("old");
		assertThat(this.other.getValueInObject("object", "f", String.class)).isIn(null, "new");
	}

	@ParameterizedTest
	@EnumSource
	void whatNobodyWaitsForIsNeverServedOld(Fault fault) {
		this.cache.set("k", "old");

		fault.begin.accept(this);
		assertThat(within(IN_TIME, () -> {
			for (int i = 0; i < 5_000; i++) {
				this.cache.setAsync("k", "new" + i, null);
			}
		})).isTrue();
		await().until(() -> !health());
		assertThat(this.cache.get("k")).isNotEqualTo("old");
		fault.end.accept(this);

		await().until(() -> {
			assertThat(this.cache.get("k")).isNotEqualTo("old");
			return health();
		});
		assertThat(this.other.get("k")).isIn(null, "new4999");
	}

	@Test
	void resetIsMadeUpFor() {
		this.cache.set("k", "old");

		this.proxy.cut();
		this.cache.reset();
		assertThat(this.other.get("k")).isEqualTo("old");
		this.proxy.restore();

		await().until(() -> {
			assertThat(this.cache.get("k")).isNull();
			return this.other.get("k") == null;
		});
	}

	/** Also where the other keys of the server are untouched. */
	@Test
	void tooManyChangesStandForAll() {
		ClusterCache<String> neighbour = caches(this.instance).createCache("n-" + UUID.randomUUID(), SPEC);
		neighbour.set("k", "kept");
		this.cache.set("k", "old");

		this.proxy.cut();
		for (int i = 0; i <= Unconfirmed.MOST; i++) {
			this.cache.del("changed" + i);
		}
		assertThat(this.cache.get("k")).isNull();
		this.proxy.restore();

		await().until(() -> this.other.get("k") == null);
		awaitReachable();
		assertThat(neighbour.get("k")).isEqualTo("kept");
		this.cache.set("k", "new");
		assertThat(this.other.get("k")).isEqualTo("new");
	}

	/** A server without room refuses to write, and still reads and deletes. */
	@Test
	void refusedChangeIsMadeUpForAndOthersGoOn() {
		this.cache.mset(Map.of("k", "old", "l", "kept"), null);

		this.redis.command("CONFIG", "SET", "maxmemory", "1");
		try {
			this.cache.set("k", "new");

			assertThat(this.cache.get("k")).isNull();
			assertThat(this.cache.get("l")).isEqualTo("kept");
			await().until(() -> this.other.get("k") == null);
		}
		finally {
			this.redis.command("CONFIG", "SET", "maxmemory", "0");
		}
		await().until(() -> {
			this.cache.set("k", "newer");
			return "newer".equals(this.cache.get("k"));
		});
	}

	@Test
	void refusedValueThatWasOnlyLoadedIsNothingToMakeUpFor() {
		this.redis.command("CONFIG", "SET", "maxmemory", "1");
		try {
			String before = this.redis.command("INFO", "commandstats");
			for (int i = 0; i < 100; i++) {
				assertThat(this.cache.wrap("loaded" + i, () -> "v")).isEqualTo("v");
			}
			this.cache.del("last");

			await().until(this::health);
			assertThat(unlinks(this.redis.command("INFO", "commandstats")) - unlinks(before)).isLessThan(10);
		}
		finally {
			this.redis.command("CONFIG", "SET", "maxmemory", "0");
		}
	}

	private static long unlinks(String stats) {
		return stats.lines()
			.filter((line) -> line.startsWith("cmdstat_unlink:"))
			.map((line) -> line.replaceAll(".*calls=(\\d+),.*", "$1"))
			.mapToLong(Long::parseLong)
			.sum();
	}

	/** One that was given up is not sent when the connection is back. */
	@Test
	void changeThatFailedDoesNotComeLater() {
		CacheNodes nodes = nodes(this.proxy.properties());
		try (ConfigurableApplicationContext context = nodes.start(this.app, "nocobase.cluster.cache.fail-fast=true")) {
			ClusterCache<String> strict = caches(context).createCache(this.cache.name(), SPEC);
			this.other.set("k", "old");
			this.proxy.cut();

			assertThatExceptionOfType(CacheException.class).isThrownBy(() -> strict.set("k", "given up"));
			assertThatExceptionOfType(CacheException.class)
				.isThrownBy(() -> strict.mset(Map.of("k", "given up", "l", "given up"), null));
			this.other.set("k", "newer");
			this.proxy.restore();

			await().ignoreExceptions().until(() -> "newer".equals(strict.get("k")));
			assertThat(this.other.mget(List.of("k", "l"))).containsOnly(Map.entry("k", "newer"));
		}
	}

	@Test
	void failFastTellsTheCaller() {
		CacheNodes nodes = nodes(this.proxy.properties());
		try (ConfigurableApplicationContext context = nodes.start(this.app, "nocobase.cluster.cache.fail-fast=true")) {
			ClusterCache<String> strict = caches(context).createCache(this.cache.name(), SPEC);
			strict.set("k", "v");

			this.proxy.cut();

			assertThatExceptionOfType(CacheException.class).isThrownBy(() -> strict.get("k"))
				.withMessageContaining(this.cache.name());
			assertThatExceptionOfType(CacheException.class).isThrownBy(() -> strict.set("k", "w"));
			assertThatExceptionOfType(CacheException.class).isThrownBy(() -> strict.wrap("k", () -> "loaded"));
			assertThat(context.getBean(Capability.class).health().up()).isTrue();
			strict.setAsync("lost", "v", null);
			await().until(() -> !context.getBean(Capability.class).health().up());
			this.proxy.restore();
			await().ignoreExceptions().until(() -> "v".equals(strict.get("k")));
		}
	}

	@Test
	void stopSaysWhatIsLeft(CapturedOutput output) {
		CacheNodes nodes = nodes(this.proxy.properties());
		ConfigurableApplicationContext context = nodes.start(this.app);
		ClusterCache<String> stopping = caches(context).createCache(this.cache.name(), SPEC);
		ClusterCache<String> untouched = caches(context).createCache("u-" + UUID.randomUUID(), SPEC);
		stopping.set("k", "old");
		untouched.set("k", "v");

		this.proxy.cut();
		stopping.del("k");
		context.close();

		assertThat(output).contains("Cache '%s' has changes that Redis did not confirm".formatted(stopping.name()))
			.doesNotContain("Cache '%s' has changes".formatted(untouched.name()));
	}

	@Test
	void counterNeverMakesUpAnAnswer() {
		Counter counter = caches(this.instance).createCounter(this.cache.name(), null);
		counter.incr("k");

		this.proxy.cut();

		assertThatExceptionOfType(CacheException.class).isThrownBy(() -> counter.incr("k"));
		assertThatExceptionOfType(CacheException.class).isThrownBy(() -> counter.get("k"));
		this.proxy.restore();
		await().ignoreExceptions().until(() -> counter.get("k") > 0);
		assertThat(counter.get("k")).isBetween(1L, 2L);
	}

	private boolean health() {
		return this.instance.getBean(Capability.class).health().up();
	}

	private void awaitReachable() {
		await().until(this::health);
		await().until(() -> {
			this.cache.set("probe", "here");
			return "here".equals(this.cache.get("probe"));
		});
		this.cache.del("probe");
	}

	private static boolean within(Duration limit, Runnable calls) {
		long start = System.nanoTime();
		calls.run();
		return System.nanoTime() - start < limit.toNanos();
	}

	private static ClusterCacheManager caches(ConfigurableApplicationContext context) {
		return context.getBean(ClusterCacheManager.class);
	}

	enum Fault {

		CUT_OFF((test) -> test.proxy.cut(), (test) -> test.proxy.restore()),

		SILENT((test) -> test.proxy.silence(), (test) -> test.proxy.resume()),

		PAUSED((test) -> test.redis.pause(), (test) -> test.redis.resume()),

		KILLED((test) -> test.redis.kill(), (test) -> test.redis.startAgain());

		private final Consumer<RedisCacheFaultTests> begin;

		private final Consumer<RedisCacheFaultTests> end;

		Fault(Consumer<RedisCacheFaultTests> begin, Consumer<RedisCacheFaultTests> end) {
			this.begin = begin;
			this.end = end;
		}

	}

}
