package com.nocobase.cluster.queue.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.log.LogMessage;

/**
 * A file of undone tasks that this process has taken up and holds the lock of. It stays
 * until the last of its tasks is over or stands in a newer file, so that a crash in
 * between loses none.
 * <p>
 * Behind its content it gets a line for each task that is over, by its position, as two
 * tasks of a file may have the same id. After a crash those are not done again, unless
 * they ended in the last instant before it: that line may be missing. Attempts and deaths
 * since the file was taken up are forgotten then. Safe from any thread.
 */
final class HeldFile {

	private static final Log logger = LogFactory.getLog(HeldFile.class);

	private static final Pattern LINE = Pattern.compile("[0-9]{1,9}\\.");

	private final Path path;

	private final FileChannel channel;

	private final Executor executor;

	private final Consumer<HeldFile> freed;

	private final AtomicInteger undone = new AtomicInteger();

	/** Those that were over before this process took the file up. */
	private final BitSet overBefore = new BitSet();

	private final Queue<Integer> unwritten = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean writing = new AtomicBoolean();

	/** Guards the channel. */
	private final ReentrantLock lock = new ReentrantLock();

	private final AtomicBoolean failed = new AtomicBoolean();

	private final AtomicBoolean released = new AtomicBoolean();

	/**
	 * Holds a file.
	 * @param path the file
	 * @param channel carries the lock, which its closing frees
	 * @param executor writes what is over, and deletes the file when its last task is
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
	 * Reads which tasks are over, before the first of them is restored.
	 * @param lines what stands behind the content; a line that a crash has cut is ignored
	 */
	void readOver(Stream<String> lines) {
		lines.filter((line) -> LINE.matcher(line).matches())
			.forEach((line) -> this.overBefore.set(Integer.parseInt(line, 0, line.length() - 1, 10)));
	}

	boolean isUndone(int position) {
		return !this.overBefore.get(position);
	}

	/**
	 * Counts one task of the file as over. Does not block.
	 * @param position where it stands in the file
	 */
	void taskOver(int position) {
		this.unwritten.add(position);
		this.undone.decrementAndGet();
		if (this.writing.compareAndSet(false, true)) {
			try {
				this.executor.execute(this::write);
			}
			catch (RejectedExecutionException | OutOfMemoryError ex) {
				this.writing.set(false);
				logger.debug(LogMessage.format("%s is written or deleted later", this.path), ex);
			}
		}
	}

	private void write() {
		this.writing.set(false);
		if (isOver()) {
			delete();
			return;
		}
		this.lock.lock();
		try {
			if (!this.released.get()) {
				append();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void append() {
		StringBuilder lines = new StringBuilder();
		for (Integer position = this.unwritten.poll(); position != null; position = this.unwritten.poll()) {
			// The stop shows that the line is whole, the line feed ends one that is not.
			lines.append('\n').append(position).append('.');
		}
		try {
			ByteBuffer bytes = StandardCharsets.US_ASCII.encode(CharBuffer.wrap(lines));
			this.channel.position(this.channel.size());
			while (bytes.hasRemaining()) {
				this.channel.write(bytes);
			}
		}
		catch (IOException ex) {
			// Once is enough: a full disk meets every task.
			if (this.failed.compareAndSet(false, true)) {
				logger.error(LogMessage.format("Cannot write to %s which of its tasks are done; they will be done "
						+ "again if this process crashes", this.path), ex);
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
			free(false);
		}
	}

	/**
	 * Frees the lock and leaves the file to the next start.
	 */
	void leave() {
		if (this.released.compareAndSet(false, true)) {
			free(true);
		}
	}

	private void free(boolean needed) {
		this.lock.lock();
		try {
			if (needed && !this.unwritten.isEmpty()) {
				append();
			}
			this.channel.close();
		}
		catch (IOException ex) {
			logger.warn(LogMessage.format("Cannot close %s", this.path), ex);
		}
		finally {
			this.lock.unlock();
		}
		this.freed.accept(this);
	}

}
