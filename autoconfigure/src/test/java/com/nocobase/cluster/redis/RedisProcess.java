package com.nocobase.cluster.redis;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.net.SocketFactory;

import org.springframework.util.FileSystemUtils;

import static org.awaitility.Awaitility.await;

/**
 * A server of the test's own, to stop, kill and pause: the {@code redis-server} of the
 * machine with a port and a directory under {@code target/redis}. It dies with the JVM.
 */
public final class RedisProcess implements AutoCloseable {

	static final String HOST = "127.0.0.1";

	private static final Duration START = Duration.ofSeconds(20);

	private static final Duration STOP = Duration.ofSeconds(10);

	private static final int ATTEMPTS = 5;

	private final RedisOptions options;

	private final int port;

	private final Path directory = ServerWatch.newDirectory();

	private Process process;

	private RedisProcess(RedisOptions options, int port) {
		this.options = options;
		this.port = port;
		writeConfiguration();
		this.process = launch();
	}

	/**
	 * Starts a server that keeps nothing on disk.
	 * @return the server, ready for commands
	 */
	public static RedisProcess start() {
		return start(RedisOptions.none());
	}

	/**
	 * Starts a server.
	 * @param options how
	 * @return the server, ready for commands
	 * @throws IllegalStateException if the machine has no {@code redis-server}, or it
	 * does not start
	 */
	public static RedisProcess start(RedisOptions options) {
		for (int attempt = 1;; attempt++) {
			RedisProcess server = new RedisProcess(options, FreePorts.next());
			try {
				server.awaitAnswer();
				return server;
			}
			catch (RuntimeException ex) {
				server.close();
				// somebody else took the port in the meantime
				if (attempt == ATTEMPTS || !server.log().contains("Address already in use")) {
					throw ex;
				}
			}
		}
	}

	/**
	 * Returns the program, if the machine has it.
	 * @return {@code redis-server} on the path
	 */
	static Optional<Path> binary() {
		return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
			.map((each) -> Path.of(each, "redis-server"))
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
		return (this.options.tls() ? "rediss://" : "redis://") + HOST + ":" + this.port;
	}

	/**
	 * Returns the settings with which a Spring Boot application reaches this server as
	 * the default user.
	 * @return pairs {@code name=value}
	 */
	public String[] properties() {
		List<String> properties = new ArrayList<>();
		properties.add("spring.data.redis.host=" + HOST);
		properties.add("spring.data.redis.port=" + this.port);
		if (this.options.password() != null) {
			properties.add("spring.data.redis.password=" + this.options.password());
		}
		if (this.options.tls()) {
			properties.add("spring.data.redis.ssl.bundle=test-redis");
			properties.add("spring.ssl.bundle.pem.test-redis.truststore.certificate="
					+ TestCertificate.shared().certificate().toUri());
		}
		return properties.toArray(String[]::new);
	}

	/**
	 * Sends a command over a connection of its own, as the default user.
	 * @param args the command
	 * @return the reply as text: a list one value a line, nothing as an empty text
	 * @throws IllegalStateException if the reply is an error
	 * @throws UncheckedIOException if the server cannot be reached or does not answer
	 */
	public String command(String... args) {
		try (RespClient client = connect()) {
			return client.command(args);
		}
	}

	/**
	 * Tells the server to end, which ends its connections.
	 * @param keepData whether it writes its data to disk before
	 */
	public void stop(boolean keepData) {
		try (RespClient client = connect()) {
			client.send("SHUTDOWN", keepData ? "SAVE" : "NOSAVE");
			awaitEnd();
		}
	}

	/**
	 * Ends the server as {@code kill -9} does.
	 */
	public void kill() {
		this.process.destroyForcibly();
		awaitEnd();
	}

	/**
	 * Starts the server again on its port after {@link #stop} or {@link #kill}, with the
	 * data that is on disk.
	 */
	public void startAgain() {
		this.process = launch();
		awaitAnswer();
	}

	/**
	 * Stops the server and starts it again on the same port.
	 * @param keepData whether it still has its data afterwards
	 */
	public void restart(boolean keepData) {
		stop(keepData);
		if (!keepData) {
			deleteData();
		}
		startAgain();
	}

	/**
	 * Lets the server stand still: connections stay open and nothing is answered.
	 */
	public void pause() {
		signal("STOP");
	}

	/**
	 * Lets a paused server go on.
	 */
	public void resume() {
		signal("CONT");
	}

	public boolean isRunning() {
		return this.process.isAlive();
	}

	@Override
	public void close() {
		kill();
	}

	RespClient connect() {
		SocketFactory sockets = this.options.tls() ? TestCertificate.shared().sockets() : SocketFactory.getDefault();
		RespClient client = new RespClient(HOST, this.port, sockets);
		try {
			if (this.options.password() != null) {
				client.command("AUTH", this.options.password());
			}
			return client;
		}
		catch (RuntimeException ex) {
			client.close();
			throw ex;
		}
	}

	private void writeConfiguration() {
		List<String> lines = new ArrayList<>(List.of("bind " + HOST, "dir " + this.directory));
		lines.addAll(this.options.tls() ? tls() : List.of("port " + this.port));
		if (!this.options.sentinel()) {
			lines.addAll(List.of("save \"\"", "repl-diskless-sync-delay 0"));
		}
		lines.addAll(this.options.lines());
		try {
			Files.write(configuration(), lines);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private List<String> tls() {
		TestCertificate certificate = TestCertificate.shared();
		return List.of("port 0", "tls-port " + this.port, "tls-cert-file " + certificate.certificate(),
				"tls-key-file " + certificate.key(), "tls-ca-cert-file " + certificate.certificate(),
				"tls-auth-clients no");
	}

	private Process launch() {
		Path binary = binary().orElseThrow(() -> new IllegalStateException(TestRedis.MISSING));
		List<String> command = new ArrayList<>(List.of(binary.toString(), configuration().toString()));
		if (this.options.sentinel()) {
			command.add("--sentinel");
		}
		try {
			Process started = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(this.directory.resolve("log").toFile()))
				.start();
			ServerWatch.watch(started, this.directory);
			return started;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void awaitAnswer() {
		await().atMost(START).pollInterval(Duration.ofMillis(10)).until(() -> {
			if (!this.process.isAlive()) {
				throw new IllegalStateException("redis-server ended: " + log());
			}
			return answers();
		});
	}

	/**
	 * Asks for the process as well: it may be another server that got the port.
	 */
	private boolean answers() {
		try (RespClient client = connect()) {
			return "PONG".equals(client.command("PING"))
					&& client.command("INFO", "server").contains("process_id:" + this.process.pid() + "\r\n");
		}
		catch (UncheckedIOException | IllegalStateException ex) {
			return false;
		}
	}

	private void awaitEnd() {
		try {
			if (!this.process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new IllegalStateException("redis-server has not ended after " + STOP);
			}
			ServerWatch.forget(this.directory);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
	}

	private void signal(String name) {
		try {
			Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + this.process.pid()).inheritIO()
				.start();
			if (!kill.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS) || kill.exitValue() != 0) {
				throw new IllegalStateException("redis-server cannot be sent " + name);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
	}

	private void deleteData() {
		try {
			Files.deleteIfExists(this.directory.resolve("dump.rdb"));
			FileSystemUtils.deleteRecursively(this.directory.resolve("appendonlydir"));
			Files.deleteIfExists(this.directory.resolve("appendonly.aof"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Path configuration() {
		return this.directory.resolve("redis.conf");
	}

	private String log() {
		try {
			return Files.readString(this.directory.resolve("log"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
