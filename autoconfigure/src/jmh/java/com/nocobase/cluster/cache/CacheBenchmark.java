package com.nocobase.cluster.cache;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.ClusterCacheAutoConfiguration;

/**
 * A hit in the memory cache beside a hit in Caffeine with the same settings: at most
 * twice the time.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // set up before each run
public class CacheBenchmark {

	private static final int SIZE = 1_024;

	private final String[] keys = new String[SIZE];

	private AnnotationConfigApplicationContext context;

	private ClusterCache<String> cache;

	private Cache<String, String> caffeine;

	@Setup(Level.Trial)
	public void fill() {
		this.context = new AnnotationConfigApplicationContext(Application.class);
		this.cache = this.context.getBean(ClusterCacheManager.class).createCache("c", CacheSpec.of(String.class));
		this.caffeine = Caffeine.newBuilder()
			.maximumSize(10_000)
			.executor(Runnable::run)
			.expireAfter(Expiry.<String, String>writing((key, value) -> Duration.ofDays(365)))
			.build();
		for (int i = 0; i < SIZE; i++) {
			this.keys[i] = "key-" + i;
			this.cache.set(this.keys[i], "value");
			this.caffeine.put(this.keys[i], "value");
		}
	}

	@TearDown(Level.Trial)
	public void close() {
		this.context.close();
	}

	@Benchmark
	public @Nullable String caffeineHit(Position position) {
		return this.caffeine.getIfPresent(this.keys[position.next()]);
	}

	@Benchmark
	public @Nullable String memoryHit(Position position) {
		return this.cache.get(this.keys[position.next()]);
	}

	@Benchmark
	public @Nullable String memoryWrapHit(Position position) {
		return this.cache.wrap(this.keys[position.next()], () -> "loaded");
	}

	@State(Scope.Thread)
	public static class Position {

		private int at;

		int next() {
			this.at = (this.at + 1) & (SIZE - 1);
			return this.at;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ClusterAutoConfiguration.class, ClusterCacheAutoConfiguration.class })
	static class Application {

	}

}
