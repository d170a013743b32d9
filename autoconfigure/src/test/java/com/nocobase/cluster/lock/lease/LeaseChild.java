package com.nocobase.cluster.lock.lease;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.lock.FencedLease;
import com.nocobase.cluster.lock.FencedLockManager;
import com.nocobase.cluster.lock.LockOptions;

/**
 * An instance in a JVM of its own, to be stopped and killed. It reads commands a line,
 * and answers each with a line.
 */
public final class LeaseChild implements AutoCloseable {

	private static final String ANSWER = "answer ";

	private final Process process;

	private final PrintStream commands;

	private final BufferedReader answers;

	private LeaseChild(Process process) {
		this.process = process;
		this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
		this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
	}

	static LeaseChild start(String... properties) {
		List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"),
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m", "-cp", System.getProperty("java.class.path"),
				LeaseChild.class.getName()));
		command.addAll(List.of(properties));
		try {
			LeaseChild child = new LeaseChild(
					new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
			child.answer();
			return child;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String ask(String command) {
		this.commands.println(command);
		return answer();
	}

	private String answer() {
		try {
			String line = this.answers.readLine();
			while (line != null && !line.startsWith(ANSWER)) {
				line = this.answers.readLine();
			}
			if (line == null) {
				throw new IllegalStateException("The child has ended");
			}
			return line.substring(ANSWER.length());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void signal(String name) {
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
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	/**
	 * Runs an instance until the parent ends.
	 * @param properties its settings
	 * @throws IOException if the parent cannot be read
	 */
	public static void main(String[] properties) throws IOException {
		try (ConfigurableApplicationContext context = LeaseInstances
			.start((each) -> TestPropertyValues.of(properties).applyTo(each))) {
			Commands commands = new Commands(context.getBean(FencedLockManager.class));
			BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
			System.out.println(ANSWER + "started");
			for (String line = in.readLine(); line != null; line = in.readLine()) {
				System.out.println(ANSWER + commands.run(line.split(" ")));
			}
		}
	}

	private static final class Commands {

		private final FencedLockManager locks;

		private final List<FencedLease> leases = new ArrayList<>();

		private volatile long lostAt;

		Commands(FencedLockManager locks) {
			this.locks = locks;
		}

		private Object run(String[] command) {
			return switch (command[0]) {
				case "hold" -> hold(command[1], Duration.ofMillis(Long.parseLong(command[2])));
				case "wait" -> await(command[1], Duration.ofMillis(Long.parseLong(command[2])));
				case "state" -> this.leases.get(0).isHeld() + " " + this.leases.get(0).remaining();
				case "extend" -> extend();
				case "told" -> this.lostAt != 0;
				default -> throw new IllegalArgumentException(command[0]);
			};
		}

		private Object hold(String key, Duration ttl) {
			FencedLease lease = this.locks.acquire(key, LockOptions.DEFAULTS.withTtl(ttl));
			lease.onLost(() -> this.lostAt = System.nanoTime());
			this.leases.add(lease);
			return lease.token();
		}

		private Object await(String key, Duration ttl) {
			Thread waiter = new Thread(() -> this.locks.acquire(key, LockOptions.DEFAULTS.withTtl(ttl)));
			waiter.setDaemon(true);
			waiter.start();
			return "waiting";
		}

		private Object extend() {
			try {
				this.leases.get(0).extend(Duration.ofSeconds(10));
				return "extended";
			}
			catch (RuntimeException ex) {
				return ex.getClass().getSimpleName();
			}
		}

	}

}
