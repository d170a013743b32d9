package com.nocobase.cluster.rabbit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.redis.FreePorts;
import com.nocobase.cluster.redis.ServerWatch;

import static org.awaitility.Awaitility.await;

/**
 * A node of the test's own, to stop and to kill: the {@code rabbitmq-server} of the
 * machine with ports and a directory of its own. It keeps its data over a restart, takes
 * about ten seconds to start, and dies with the JVM.
 */
public final class RabbitProcess implements AutoCloseable {

	static final String HOST = "127.0.0.1";

	private static final Duration START = Duration.ofSeconds(90);

	private static final Duration STOP = Duration.ofSeconds(30);

	private final Path directory = ServerWatch.newDirectory();

	private final int port = FreePorts.next();

	private final @Nullable RabbitProcess seed;

	private Process process;

	private RabbitProcess(@Nullable RabbitProcess seed) {
		this.seed = seed;
		writeConfiguration();
		this.process = launch();
	}

	/**
	 * Starts a node that is alone.
	 * @return the node, ready for connections
	 * @throws IllegalStateException if the machine has no RabbitMQ, or it does not start
	 */
	public static RabbitProcess start() {
		RabbitProcess node = launch(null);
		node.awaitAnswer();
		return node;
	}

	/**
	 * Launches a node that joins another one.
	 * @param seed a node that has started, or {@code null} for a new cluster
	 * @return the node, which may not be ready yet
	 */
	static RabbitProcess launch(@Nullable RabbitProcess seed) {
		return new RabbitProcess(seed);
	}

	/**
	 * Returns the program itself, if the machine has it. What is on the path may be a
	 * wrapper that drops the environment.
	 * @return {@code rabbitmq-server}
	 */
	static Optional<Path> binary() {
		return Stream
			.of(Optional.ofNullable(System.getenv("RABBITMQ_HOME")).orElse("/usr/lib/rabbitmq"), "/usr/lib/rabbitmq",
					"/opt/rabbitmq", "/usr/local/opt/rabbitmq", "/opt/homebrew/opt/rabbitmq")
			.flatMap((home) -> Stream.of(Path.of(home, "bin", "rabbitmq-server"),
					Path.of(home, "sbin", "rabbitmq-server")))
			.filter(Files::isExecutable)
			.findFirst();
	}

	public String host() {
		return HOST;
	}

	public int port() {
		return this.port;
	}

	public String url() {
		return "amqp://guest:guest@" + HOST + ":" + this.port;
	}

	/**
	 * Tells the node to end, which ends its connections. It keeps its data.
	 */
	public void stop() {
		this.process.destroy();
		awaitEnd();
	}

	/**
	 * Ends the node as {@code kill -9} does.
	 */
	public void kill() {
		this.process.destroyForcibly();
		awaitEnd();
	}

	/**
	 * Starts the node again on its port after {@link #stop} or {@link #kill}.
	 */
	public void startAgain() {
		this.process = launch();
		awaitAnswer();
	}

	@Override
	public void close() {
		kill();
	}

	void awaitAnswer() {
		await().atMost(START).pollInterval(Duration.ofMillis(100)).until(() -> {
			if (!this.process.isAlive()) {
				throw new IllegalStateException("rabbitmq-server ended: " + Files.readString(log()));
			}
			return answers();
		});
	}

	private boolean answers() {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setHost(HOST);
		factory.setPort(this.port);
		try (Connection connection = factory.newConnection()) {
			return connection.isOpen();
		}
		catch (IOException | TimeoutException ex) {
			return false;
		}
	}

	private String name() {
		return "test" + this.port + "@localhost";
	}

	private void writeConfiguration() {
		// A node that finds no peer waits for one.
		List<String> lines = (this.seed == null) ? List.of("log.console = false")
				: List.of("cluster_formation.peer_discovery_backend = classic_config",
						"cluster_formation.classic_config.nodes.1 = " + this.seed.name());
		try {
			Files.write(this.directory.resolve("rabbitmq.conf"), lines);
			Files.writeString(this.directory.resolve("enabled_plugins"), "[].");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Process launch() {
		Path binary = binary().orElseThrow(() -> new IllegalStateException(TestRabbit.MISSING));
		ProcessBuilder builder = new ProcessBuilder(binary.toString());
		builder.environment().putAll(ErlangHome.shared().environment());
		builder.environment().putAll(environment());
		try {
			Process started = builder.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
				.start();
			ServerWatch.watch(started, this.directory);
			return started;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Map<String, String> environment() {
		return Map.ofEntries(Map.entry("RABBITMQ_NODENAME", name()), Map.entry("RABBITMQ_NODE_IP_ADDRESS", HOST),
				Map.entry("RABBITMQ_NODE_PORT", Integer.toString(this.port)),
				// The port of a Redis Cluster's bus is free as well.
				Map.entry("RABBITMQ_DIST_PORT", Integer.toString(this.port + 10_000)),
				Map.entry("RABBITMQ_CONF_ENV_FILE", "/dev/null"),
				Map.entry("RABBITMQ_CONFIG_FILE", this.directory.resolve("rabbitmq").toString()),
				Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", this.directory.resolve("enabled_plugins").toString()),
				Map.entry("RABBITMQ_MNESIA_BASE", this.directory.resolve("mnesia").toString()),
				Map.entry("RABBITMQ_LOG_BASE", this.directory.resolve("logs").toString()),
				Map.entry("RABBITMQ_PID_FILE", this.directory.resolve("rabbit.pid").toString()),
				// The script is replaced by the node, so that we have its process.
				Map.entry("RUNNING_UNDER_SYSTEMD", "true"),
				Map.entry("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "+S 1:1 +sbwt none"));
	}

	private void awaitEnd() {
		try {
			if (!this.process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new IllegalStateException("rabbitmq-server has not ended after " + STOP);
			}
			ServerWatch.forget(this.directory);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
	}

	private Path log() {
		return this.directory.resolve("log");
	}

}
