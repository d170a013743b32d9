package com.nocobase.cluster.queue.memory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Another process that holds the lock of a file until its input ends.
 */
public final class LockHolder {

	private LockHolder() {
	}

	public static void main(String[] args) throws IOException {
		try (FileChannel channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.READ,
				StandardOpenOption.WRITE); FileLock lock = channel.lock()) {
			System.out.write(lock.isValid() ? 1 : 0);
			System.out.flush();
			System.in.read();
		}
	}

	static Process start(Path file) throws IOException {
		Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-cp",
				System.getProperty("java.class.path"), LockHolder.class.getName(), file.toString())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		if (process.getInputStream().read() != 1) {
			throw new IOException("The other process got no lock of " + file);
		}
		return process;
	}

}
