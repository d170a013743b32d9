package com.nocobase.cluster.sample;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.awaitility.Awaitility.await;

/**
 * A server of the tests' own, with a new database under {@code target/postgresql}. It
 * dies with the JVM.
 */
final class PostgreSqlProcess {

	static final String HOST = "127.0.0.1";

	private static final Path ROOT = Path.of("target", "postgresql");

	private static final Duration LIMIT = Duration.ofSeconds(60);

	/** The shell reads from a pipe that only we can write to, and which ends with us. */
	private static final String UNTIL_WE_END = "\"$@\" & read -r end; kill -QUIT $!; wait";

	private final int port;

	private PostgreSqlProcess(int port) {
		this.port = port;
	}

	/**
	 * Starts a server, if the machine has one and we are not root, for whom it refuses to
	 * start.
	 * @return the server, ready for connections
	 * @throws IllegalStateException if it does not start
	 */
	static Optional<PostgreSqlProcess> start() {
		return "root".equals(System.getProperty("user.name")) ? Optional.empty()
				: programs().map(PostgreSqlProcess::start);
	}

	int port() {
		return this.port;
	}

	private static PostgreSqlProcess start(Path programs) {
		try {
			Files.createDirectories(ROOT);
			Path directory = Files.createTempDirectory(ROOT.toAbsolutePath(), "server-");
			File log = directory.resolve("log").toFile();
			String data = directory.resolve("data").toString();
			Process created = launch(log, programs.resolve("initdb").toString(), "-D", data, "-U", "postgres", "-A",
					"trust", "-E", "UTF8", "--no-sync");
			if (!created.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || created.exitValue() != 0) {
				throw new IllegalStateException("initdb failed: " + Files.readString(log.toPath()));
			}
			int port = freePort();
			Process server = launch(log, "sh", "-c", UNTIL_WE_END, "sh", programs.resolve("postgres").toString(), "-D",
					data, "-h", HOST, "-p", Integer.toString(port), "-k", "", "-F", "-N", "200");
			await().atMost(LIMIT)
				.failFast("postgres ended", () -> !server.isAlive())
				.until(() -> Files.readString(log.toPath()).contains("ready to accept connections"));
			return new PostgreSqlProcess(port);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
	}

	private static Process launch(File log, String... command) throws IOException {
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(log))
			.start();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
			return socket.getLocalPort();
		}
	}

	/** Debian keeps the programs off the path. */
	private static Optional<Path> programs() {
		List<Path> candidates = new ArrayList<>();
		Arrays.stream(Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
			.map(Path::of)
			.forEach(candidates::add);
		Path debian = Path.of("/usr/lib/postgresql");
		if (Files.isDirectory(debian)) {
			try (Stream<Path> versions = Files.list(debian)) {
				versions.map((version) -> version.resolve("bin")).forEach(candidates::add);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return candidates.stream()
			.filter((each) -> Files.isExecutable(each.resolve("initdb"))
					&& Files.isExecutable(each.resolve("postgres")))
			.findFirst();
	}

}
