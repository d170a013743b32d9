package com.nocobase.cluster.rabbit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

import com.nocobase.cluster.redis.FreePorts;
import com.nocobase.cluster.redis.ServerWatch;

/**
 * What all nodes of this JVM share, apart from any other Erlang on the machine: a home
 * with a cookie, and the daemon with which they find each other.
 */
final class ErlangHome {

	private static final ErlangHome SHARED = new ErlangHome();

	private final Path directory = ServerWatch.newDirectory();

	private final int port = FreePorts.next();

	private ErlangHome() {
		ProcessBuilder builder = new ProcessBuilder("epmd", "-port", Integer.toString(this.port), "-address",
				RabbitProcess.HOST);
		builder.environment().putAll(environment());
		try {
			ServerWatch.watch(builder.redirectErrorStream(true).redirectOutput(log()).start(), this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static ErlangHome shared() {
		return SHARED;
	}

	Map<String, String> environment() {
		return Map.of("HOME", this.directory.toString(), "ERL_EPMD_PORT", Integer.toString(this.port),
				"ERL_EPMD_ADDRESS", RabbitProcess.HOST);
	}

	private File log() {
		return this.directory.resolve("log").toFile();
	}

}
