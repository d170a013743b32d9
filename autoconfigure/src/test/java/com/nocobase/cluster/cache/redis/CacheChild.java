package com.nocobase.cluster.cache.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.lettuce.core.resource.Delay;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import com.nocobase.cluster.cache.CacheNodes;
import com.nocobase.cluster.cache.CacheProperties;
import com.nocobase.cluster.cache.CacheSpec;
import com.nocobase.cluster.cache.CacheStore;
import com.nocobase.cluster.cache.ClusterCacheManager;
import com.nocobase.cluster.support.ChildJvm;

/**
 * An instance in a JVM of its own. It works once it is told to, and then writes what
 * happened to a file; its log is beside it.
 */
public final class CacheChild implements AutoCloseable {

	private static final Duration TTL = Duration.ofMinutes(10);

	private final Process process;

	private final Path events;

	private final BufferedReader answers;

	private CacheChild(Process process, Path events) {
		this.process = process;
		this.events = events;
		this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
	}

	/**
	 * Starts an instance.
	 * @param number its number
	 * @param directory where its files are, and the database
	 * @param seed of its chance
	 * @param ttl of the entries of shared rows
	 * @param properties its settings
	 * @return the instance, which is not ready yet
	 */
	static CacheChild start(int number, Path directory, long seed, Duration ttl, String... properties) {
		Path events = directory.resolve("events-" + number);
		List<String> args = new ArrayList<>(
				List.of(Integer.toString(number), directory.toString(), Long.toString(seed), ttl.toString()));
		args.addAll(List.of(properties));
		return new CacheChild(ChildJvm.launch(CacheChild.class, args, directory.resolve("log-" + number)), events);
	}

	void tell(long millis) {
		new PrintStream(this.process.getOutputStream(), true, StandardCharsets.UTF_8).println(millis);
	}

	/** Waits for what it says next: that it is ready, that it is done. */
	void await(String what) {
		try {
			String line = this.answers.readLine();
			if (!what.equals(line)) {
				throw new IllegalStateException(
						"The child is not %s, but says %s; see its log beside %s".formatted(what, line, this.events));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Stream<CacheEvent> events() {
		try {
			return Files.readAllLines(this.events).stream().map(CacheEvent::parse);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	/**
	 * Runs an instance.
	 * @param args its number, directory, seed and ttl, and its settings
	 * @throws Exception if a call has failed
	 */
	public static void main(String[] args) throws Exception {
		PrintStream answers = System.out;
		System.setOut(System.err);
		LoggingSystem.get(CacheChild.class.getClassLoader()).setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.INFO);
		int number = Integer.parseInt(args[0]);
		Path directory = Path.of(args[1]);
		CacheNodes nodes = new CacheNodes(Config.class, Arrays.copyOfRange(args, 4, args.length));
		try (nodes; ConfigurableApplicationContext context = nodes.start(directory.getFileName().toString())) {
			ClusterCacheManager caches = context.getBean(ClusterCacheManager.class);
			CacheWorkload work = new CacheWorkload(number,
					caches.createCache("owned", CacheSpec.of(Long.class).withTtl(TTL)),
					caches.createCache("shared", CacheSpec.of(Long.class).withTtl(Duration.parse(args[3]))),
					context.getBean(context.getBean(CacheProperties.class).store() + "CacheStore", CacheStore.class),
					CacheTruth.in(directory.resolve("truth")), Long.parseLong(args[2]));
			answers.println("ready");
			String millis = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
			if (millis != null) {
				Files.write(directory.resolve("events-" + number),
						work.run(Long.parseLong(millis)).stream().map(CacheEvent::toString).toList());
				answers.println("done");
			}
		}
		System.exit(0);
	}

	/** Comes back soon after a cut, so that there is time to see what is served then. */
	@Configuration(proxyBeanMethods = false)
	@Import(RedisNodes.class)
	static class Config {

		@Bean
		ClientResourcesBuilderCustomizer quick() {
			return (builder) -> builder.reconnectDelay(Delay.constant(Duration.ofMillis(100)));
		}

	}

}
