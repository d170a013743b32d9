package com.nocobase.cluster.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Kills the servers of this JVM when the JVM is gone, however it went: a small shell
 * reads from a pipe that only we can write to, and acts when the pipe ends.
 */
public final class ServerWatch {

	private static final Path ROOT = Path.of("target", "redis", UUID.randomUUID().toString()).toAbsolutePath();

	private static final String SCRIPT = """
			trap '' INT TERM HUP
			read -r root
			read -r end
			for file in "$root"/*/pid; do
				[ -f "$file" ] && kill -9 "$(cat "$file")"
			done
			""";

	private static final Map<Path, Process> RUNNING = new ConcurrentHashMap<>();

	static {
		try {
			Files.createDirectories(ROOT);
			Process shell = new ProcessBuilder("sh", "-c", SCRIPT).redirectErrorStream(true)
				.redirectOutput(ROOT.resolve("watch.log").toFile())
				.start();
			Writer pipe = shell.outputWriter();
			pipe.write(ROOT + "\n");
			pipe.flush();
			Runtime.getRuntime().addShutdownHook(new Thread(ServerWatch::killAll, "redis-shutdown"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private ServerWatch() {
	}

	/**
	 * Returns a new directory for a server.
	 * @return the directory, under {@code target}
	 */
	public static Path newDirectory() {
		try {
			return Files.createTempDirectory(ROOT, "server-");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Kills a server when the JVM is gone.
	 * @param server the server
	 * @param directory its directory
	 */
	public static void watch(Process server, Path directory) {
		Path file = directory.resolve("pid");
		try {
			Files.writeString(file, Long.toString(server.pid()));
			RUNNING.put(directory, server);
		}
		catch (IOException ex) {
			server.destroyForcibly();
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Watches a server no more.
	 * @param directory directory of a server that has ended
	 */
	public static void forget(Path directory) {
		RUNNING.remove(directory);
		try {
			Files.deleteIfExists(directory.resolve("pid"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void killAll() {
		RUNNING.values().forEach(Process::destroyForcibly);
		RUNNING.forEach((directory, server) -> {
			server.onExit().orTimeout(5, TimeUnit.SECONDS).join();
			forget(directory);
		});
	}

}
