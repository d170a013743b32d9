package com.nocobase.cluster.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * A light JVM of the test's own that answers line by line, and may be killed. What it
 * logs is in a file. It ends with the JVM that started it.
 */
public final class ChildJvm implements AutoCloseable {

	private static final String READY = "ready";

	private static final String HEAP = "-Xmx192m";

	private static final Path OUTPUT = Path.of("target", "child-jvms");

	private final Process process;

	private final Path log;

	private final PrintStream requests;

	private final BufferedReader answers;

	private ChildJvm(Process process, Path log) {
		this.process = process;
		this.log = log;
		this.requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
		this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
	}

	/**
	 * Starts a JVM and waits until it is ready.
	 * @param main its main class, which calls {@link #serve}
	 * @param args what it is told at the start
	 * @return the JVM
	 */
	public static ChildJvm start(Class<?> main, List<String> args) {
		return start(main, HEAP, args);
	}

	/**
	 * Starts a JVM and waits until it is ready.
	 * @param main its main class, which calls {@link #serve}
	 * @param heap its option for the size of the heap
	 * @param args what it is told at the start
	 * @return the JVM
	 */
	public static ChildJvm start(Class<?> main, String heap, List<String> args) {
		try {
			Files.createDirectories(OUTPUT);
			Path log = Files.createTempFile(OUTPUT, main.getSimpleName() + "-", ".log");
			ChildJvm child = new ChildJvm(launch(main, heap, args, log), log);
			child.expect(READY);
			return child;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Starts a JVM, for who talks to it in another way.
	 * @param main its main class
	 * @param args what it is told at the start
	 * @param log where its log goes
	 * @return the process
	 */
	public static Process launch(Class<?> main, List<String> args, Path log) {
		return launch(main, HEAP, args, log);
	}

	private static Process launch(Class<?> main, String heap, List<String> args, Path log) {
		List<String> command = new ArrayList<>(
				List.of(ProcessHandle.current().info().command().orElse("java"), "-XX:TieredStopAtLevel=1",
						"-XX:+UseSerialGC", heap, "-cp", System.getProperty("java.class.path"), main.getName()));
		command.addAll(args);
		try {
			return new ProcessBuilder(command).redirectError(log.toFile()).start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Asks for something and waits for the answer.
	 * @param request one line
	 * @return one line
	 */
	public String ask(String request) {
		this.requests.println(request);
		return answer();
	}

	private void expect(String wanted) {
		try {
			String answer = answer();
			if (!wanted.equals(answer)) {
				throw new IllegalStateException("The child says '%s'; see %s".formatted(answer, this.log));
			}
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	private String answer() {
		try {
			String answer = this.answers.readLine();
			if (answer == null) {
				throw new IllegalStateException("The child has ended; see " + this.log);
			}
			return answer;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Ends it as {@code kill -9} does.
	 * @throws InterruptedException if the thread was interrupted
	 */
	public void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

	/**
	 * Lets it stand still, or go on.
	 * @param name {@code STOP} or {@code CONT}
	 * @throws InterruptedException if the thread was interrupted
	 */
	public void signal(String name) throws InterruptedException {
		try {
			Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + this.process.pid()).inheritIO()
				.start();
			if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
				throw new IllegalStateException("The child cannot be sent " + name);
			}
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
	 * To be called in the JVM: answers until nobody asks any more.
	 * @param start gets ready, and returns what answers
	 * @throws Exception if it does not get ready
	 */
	public static void serve(Callable<UnaryOperator<String>> start) throws Exception {
		PrintStream out = System.out;
		System.setOut(System.err);
		LoggingSystem.get(ChildJvm.class.getClassLoader()).setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.INFO);
		UnaryOperator<String> answers = start.call();
		out.println(READY);
		new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).lines()
			.map(answers)
			.forEach(out::println);
		System.exit(0);
	}

}
