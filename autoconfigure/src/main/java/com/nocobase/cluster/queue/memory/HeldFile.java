package com.nocobase.cluster.queue.memory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.log.LogMessage;

/**
 * A file of undone tasks that this process has taken up and holds the lock of. It stays
 * until the last of its tasks is over or stands in a newer file, so that a crash in
 * between loses none. Safe from any thread.
 */
final class HeldFile {

	private static final Log logger = LogFactory.getLog(HeldFile.class);

	private final Path path;

	private final FileChannel channel;

	private final Executor executor;

	private final Consumer<HeldFile> freed;

	private final AtomicInteger undone = new AtomicInteger();

	private final AtomicBoolean released = new AtomicBoolean();

	/**
	 * Holds a file.
	 * @param path the file
	 * @param channel carries the lock, which its closing frees
	 * @param executor deletes the file when its last task is over
	 * @param freed called when the lock is free
	 */
	HeldFile(Path path, FileChannel channel, Executor executor, Consumer<HeldFile> freed) {
		this.path = path;
		this.channel = channel;
		this.executor = executor;
		this.freed = freed;
	}

	Path path() {
		return this.path;
	}

	FileChannel channel() {
		return this.channel;
	}

	void undone(int tasks) {
		this.undone.addAndGet(tasks);
	}

	/**
	 * Counts one task of the file as over. Does not block.
	 */
	void taskOver() {
		if (this.undone.decrementAndGet() == 0) {
			try {
				this.executor.execute(this::delete);
			}
			catch (RejectedExecutionException ex) {
				logger.debug(LogMessage.format("%s is deleted later", this.path), ex);
			}
		}
	}

	boolean isOver() {
		return this.undone.get() <= 0;
	}

	/**
	 * Deletes the file and frees the lock, in this order: who gets the lock later sees
	 * that the file is gone.
	 */
	void delete() {
		if (this.released.compareAndSet(false, true)) {
			try {
				Files.deleteIfExists(this.path);
			}
			catch (IOException ex) {
				logger.error(LogMessage.format("Cannot delete %s, whose tasks are done; they will be done again "
						+ "unless you delete it before the next start", this.path), ex);
			}
			free();
		}
	}

	/**
	 * Frees the lock and leaves the file to the next start.
	 */
	void leave() {
		if (this.released.compareAndSet(false, true)) {
			free();
		}
	}

	private void free() {
		try {
			this.channel.close();
		}
		catch (IOException ex) {
			logger.warn(LogMessage.format("Cannot close %s", this.path), ex);
		}
		this.freed.accept(this);
	}

}
