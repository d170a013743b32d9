package com.nocobase.cluster.sample;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The packaged sample as a process of its own, on a free port. Its directory, and what it
 * prints, are kept in {@code target}.
 */
final class SampleProcess implements AutoCloseable {

	private static final Path OUTPUT = Path.of("target", "samples");

	private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+) [\\s\\S]*Started Sample");

	private static final Duration START = Duration.ofMinutes(4);

	/** Longest time that a stop may take at defaults. */
	private static final Duration STOP = Duration.ofSeconds(60);

	private final Process process;

	private final Path output;

	private SampleProcess(Process process, Path output) {
		this.process = process;
		this.output = output;
	}

	/**
	 * Creates a working directory.
	 * @return an empty directory in {@code target}
	 * @throws IOException if it could not be created
	 */
	static Path newDirectory() throws IOException {
		Files.createDirectories(OUTPUT);
		return Files.createTempDirectory(OUTPUT.toAbsolutePath(), "sample-");
	}

	/**
	 * Starts the sample. Its queue file, and an H2 file that is named so, lie in the
	 * directory.
	 * @param directory working directory of the process
	 * @param arguments properties
	 * @return the process, perhaps not yet ready
	 * @throws IOException if it could not be started
	 */
	static SampleProcess start(Path directory, String... arguments) throws IOException {
		Path output = Files.createTempFile(directory, "output-", ".log");
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
		command.addAll(List.of("-jar", System.getProperty("sample.jar")));
		command.add("--server.port=0");
		command.addAll(List.of(arguments));
		File log = output.toFile();
		Process process = new ProcessBuilder(command).directory(directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(log)
			.start();
		return new SampleProcess(process, output);
	}

	/**
	 * Waits until it answers.
	 * @return calls it
	 */
	SampleClient client() {
		return new SampleClient(
				await().atMost(START).failFast(() -> !this.process.isAlive()).until(this::port, (port) -> port > 0));
	}

	/**
	 * Ends it with SIGTERM and waits for that.
	 * @return its exit code
	 */
	int terminate() throws InterruptedException {
		this.process.destroy();
		assertThat(this.process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)).as("stopped within %s", STOP).isTrue();
		return this.process.exitValue();
	}

	/**
	 * Ends it as {@code kill -9} does, and waits until it is gone.
	 */
	void kill() {
		this.process.destroyForcibly().onExit().orTimeout(STOP.toSeconds(), TimeUnit.SECONDS).join();
	}

	/**
	 * Lets it stand still, as {@code kill -STOP} does.
	 */
	void pause() {
		signal("STOP");
	}

	/**
	 * Lets it go on after {@link #pause}.
	 */
	void resume() {
		signal("CONT");
	}

	String output() {
		try {
			return Files.readString(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	private void signal(String name) {
		try {
			new ProcessBuilder("sh", "-c", "kill -" + name + " " + this.process.pid()).inheritIO()
				.start()
				.onExit()
				.thenAccept((kill) -> assertThat(kill.exitValue()).as("signal %s", name).isZero())
				.orTimeout(STOP.toSeconds(), TimeUnit.SECONDS)
				.join();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private int port() {
		Matcher started = STARTED.matcher(output());
		return started.find() ? Integer.parseInt(started.group(1)) : 0;
	}

}
