package com.nocobase.cluster.redis;

import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/**
 * The Redis that tests share. It is, in this order: the one that the system property
 * {@code test.redis.url} or the variable {@code TEST_REDIS_URL} names, a container, the
 * machine's {@code redis-server} on a port of its own, or the server on port 6379.
 * <p>
 * It may be somebody's: use fresh names, never flush it, never stop it.
 */
public final class TestRedis {

	static final String MISSING = "The tests need a Redis: install redis-server, start Docker, "
			+ "or set TEST_REDIS_URL to an address such as redis://localhost:6379";

	private static final int PORT = 6379;

	private final URI address;

	private TestRedis(URI address) {
		this.address = address;
	}

	/**
	 * Returns the server, which is looked for once.
	 * @return the one of this JVM
	 * @throws IllegalStateException if there is none
	 */
	public static TestRedis shared() {
		return Holder.SHARED;
	}

	public String host() {
		return this.address.getHost();
	}

	public int port() {
		return (this.address.getPort() != -1) ? this.address.getPort() : PORT;
	}

	public String url() {
		return this.address.toString();
	}

	/**
	 * Returns the settings with which a Spring Boot application reaches this server.
	 * @return pairs {@code name=value}
	 */
	public String[] properties() {
		List<String> properties = new ArrayList<>();
		properties.add("spring.data.redis.host=" + host());
		properties.add("spring.data.redis.port=" + port());
		if (password() != null) {
			properties.add("spring.data.redis.username=" + username());
			properties.add("spring.data.redis.password=" + password());
		}
		return properties.toArray(String[]::new);
	}

	/**
	 * Sends a command over a connection of its own.
	 * @param args the command
	 * @return the reply as text: a list one value a line, nothing as an empty text
	 * @throws IllegalStateException if the reply is an error
	 * @throws UncheckedIOException if the server cannot be reached or does not answer
	 */
	public String command(String... args) {
		try (RespClient client = new RespClient(host(), port())) {
			if (password() != null) {
				client.command("AUTH", username(), password());
			}
			return client.command(args);
		}
	}

	private String username() {
		String name = credentials()[0];
		return name.isEmpty() ? "default" : name;
	}

	private @Nullable String password() {
		String[] credentials = credentials();
		return (credentials.length > 1) ? credentials[1] : null;
	}

	private String[] credentials() {
		return Optional.ofNullable(this.address.getUserInfo()).orElse("").split(":", 2);
	}

	private static TestRedis find() {
		return named().or(TestRedis::container)
			.or(TestRedis::process)
			.or(TestRedis::local)
			.orElseThrow(() -> new IllegalStateException(MISSING));
	}

	private static Optional<TestRedis> named() {
		return Optional.ofNullable(System.getProperty("test.redis.url", System.getenv("TEST_REDIS_URL")))
			.map((url) -> new TestRedis(URI.create(url)));
	}

	/**
	 * Asks the library only where an engine is likely: without one it takes its time and
	 * logs an error.
	 */
	private static Optional<TestRedis> container() {
		boolean likely = System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
		if (!likely || !DockerClientFactory.instance().isDockerAvailable()) {
			return Optional.empty();
		}
		GenericContainer<?> container = new GenericContainer<>("redis:7.2-alpine").withExposedPorts(PORT);
		container.start();
		return Optional.of(at(container.getHost(), container.getMappedPort(PORT)));
	}

	private static Optional<TestRedis> process() {
		return RedisProcess.binary().map((binary) -> RedisProcess.start()).map((each) -> at(each.host(), each.port()));
	}

	private static Optional<TestRedis> local() {
		TestRedis local = at("localhost", PORT);
		try {
			local.command("PING");
			return Optional.of(local);
		}
		catch (UncheckedIOException ex) {
			return Optional.empty();
		}
	}

	private static TestRedis at(String host, int port) {
		return new TestRedis(URI.create("redis://" + host + ":" + port));
	}

	/**
	 * Found at the first use, by one thread.
	 */
	private static final class Holder {

		static final TestRedis SHARED = find();

	}

}
