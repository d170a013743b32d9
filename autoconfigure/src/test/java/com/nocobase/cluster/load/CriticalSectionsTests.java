package com.nocobase.cluster.load;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.core.StringRedisTemplate;

import com.nocobase.cluster.redis.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many critical sections in several processes: no two overlap, and where there are
 * tokens, each write has a higher one than the write before.
 */
class CriticalSectionsTests {

	private static final Path OUTPUT = Path.of("target", "load");

	/** Fewer than threads, so that they wait for each other in each process too. */
	private static final int KEYS = 5;

	private static final Duration LIMIT = Duration.ofMinutes(20);

	private final String run = UUID.randomUUID().toString();

	private final List<Process> processes = new ArrayList<>();

	@AfterEach
	void stop() {
		this.processes.forEach(Process::destroyForcibly);
	}

	@ParameterizedTest
	@ValueSource(strings = { "redis", "redis-lease" })
	void sectionsOfTwoProcessesDoNotOverlap(String adapter) throws Exception {
		assertNothingOverlaps(adapter, 2, 2_000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "redis", "redis-lease" })
	@Tag("chaos")
	void hundredThousandSectionsOfFourProcessesDoNotOverlap(String adapter) throws Exception {
		assertNothingOverlaps(adapter, 4, 100_000);
	}

	private void assertNothingOverlaps(String adapter, int children, int sections) throws Exception {
		for (int i = 0; i < children; i++) {
			this.processes.add(start(adapter, sections / children));
		}
		for (Process process : this.processes) {
			assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).as("done within %s", LIMIT).isTrue();
			assertThat(process.exitValue()).as("exit code, see %s", OUTPUT).isZero();
		}

		LoadContext.of(TestRedis.shared().properties()).run((context) -> {
			Register register = new Register(context.getBean(StringRedisTemplate.class), this.run);
			assertThat(register.sum("overlaps", KEYS)).as("overlaps").isZero();
			assertThat(register.sum("refused", KEYS)).as("writes with a token that is not above the last").isZero();
			assertThat(register.sum("count", KEYS)).as("sections").isEqualTo(sections);
			register.delete(KEYS);
		});
	}

	private Process start(String adapter, int sections) throws IOException {
		Files.createDirectories(OUTPUT);
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
		command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
		command.add(LoadProgram.class.getName());
		command.addAll(List.of(this.run, Integer.toString(KEYS), Integer.toString(sections)));
		command.add("nocobase.cluster.lock.adapter=" + adapter);
		command.addAll(List.of(TestRedis.shared().properties()));
		File log = Files.createTempFile(OUTPUT, adapter + "-", ".log").toFile();
		return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
	}

}
