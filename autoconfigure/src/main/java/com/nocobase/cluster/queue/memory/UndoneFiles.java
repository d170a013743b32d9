package com.nocobase.cluster.queue.memory;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.json.JsonMapper;

import com.nocobase.cluster.support.Signals;

/**
 * Files that carry undone tasks of one application over a graceful stop.
 * <ol>
 * <li>Each stop writes a file under a name of its own: a temporary file first, forced to
 * the disk, then renamed. So instances that share a folder never overwrite each
 * other.</li>
 * <li>A start takes up every file of its application whose lock is free, and keeps it
 * locked as long as it needs it.</li>
 * <li>A file that cannot be understood is set aside under the name {@code ….damaged}; one
 * of a newer version is left alone.</li>
 * </ol>
 */
final class UndoneFiles {

	private static final Log logger = LogFactory.getLog(UndoneFiles.class);

	private static final String SUFFIX = ".json";

	private static final int LONGEST_NAME = 120;

	/**
	 * Files that this process holds. To open and close one of them again would free its
	 * lock on some systems.
	 */
	private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

	private final JsonMapper mapper = JsonMapper.builder().build();

	private final Path directory;

	private final String app;

	private final String prefix;

	private final Executor executor;

	private final Signals signals;

	UndoneFiles(Path directory, String app, Executor executor, Signals signals) {
		this.directory = directory.toAbsolutePath().normalize();
		this.app = app;
		this.prefix = prefix(app);
		this.executor = executor;
		this.signals = signals;
	}

	private static String prefix(String app) {
		return "queue-" + fileName(app) + "-";
	}

	private static String fileName(String app) {
		String encoded = URLEncoder.encode(app, StandardCharsets.UTF_8).replace("*", "%2A");
		return (encoded.length() <= LONGEST_NAME) ? encoded : encoded.substring(0, LONGEST_NAME - 40).replace("%", "_")
				+ UUID.nameUUIDFromBytes(app.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Takes up the files whose lock is free.
	 * @param reader gets each file and its content
	 * @throws IllegalStateException if the folder is there, but cannot be read
	 */
	void takeUp(BiConsumer<HeldFile, SavedTasks> reader) {
		if (!Files.exists(this.directory)) {
			warnIfNotWritable(this.directory.getParent());
			return;
		}
		List<Path> files;
		try (Stream<Path> found = Files.list(this.directory)) {
			files = found.filter(this::isOurs).sorted().toList();
		}
		catch (IOException ex) {
			throw new IllegalStateException(("Cannot read the folder of undone tasks %s; make it a readable folder, "
					+ "or set nocobase.cluster.queue.memory.directory")
				.formatted(this.directory), ex);
		}
		warnIfNotWritable(this.directory);
		for (Path file : files) {
			HeldFile held = hold(file);
			if (held != null) {
				takeUp(held, reader);
			}
		}
	}

	private void takeUp(HeldFile held, BiConsumer<HeldFile, SavedTasks> reader) {
		boolean ended = false;
		try {
			SavedTasks saved = read(held);
			if (saved != null) {
				reader.accept(held, saved);
			}
			ended = true;
		}
		finally {
			if (!ended) {
				held.leave();
			}
		}
	}

	/**
	 * Writes undone tasks to a new file of the application that they name.
	 * @param saved the tasks
	 * @return the file
	 * @throws IOException if it could not be written; then there is no new file
	 */
	Path write(SavedTasks saved) throws IOException {
		Files.createDirectories(this.directory);
		Path file = this.directory.resolve(prefix(saved.app()) + UUID.randomUUID() + SUFFIX);
		Path temporary = this.directory.resolve(file.getFileName() + ".tmp");
		try {
			try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW,
					StandardOpenOption.WRITE);
					OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
				this.mapper.writer().without(StreamWriteFeature.AUTO_CLOSE_TARGET).writeValue(out, saved);
				out.flush();
				channel.force(true);
			}
			move(temporary, file);
		}
		catch (JacksonException ex) {
			throw new IOException(ex);
		}
		finally {
			Files.deleteIfExists(temporary);
		}
		return file;
	}

	private static void move(Path from, Path to) throws IOException {
		try {
			Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (AtomicMoveNotSupportedException ex) {
			Files.move(from, to);
		}
	}

	private boolean isOurs(Path file) {
		String name = file.getFileName().toString();
		return name.startsWith(this.prefix) && name.endsWith(SUFFIX)
				&& name.length() == this.prefix.length() + 36 + SUFFIX.length();
	}

	private void warnIfNotWritable(@Nullable Path folder) {
		if (folder != null && Files.exists(folder) && !Files.isWritable(folder)) {
			logger.warn(LogMessage
				.format("Cannot write to %s: tasks that are not done when the application stops will be lost; "
						+ "set nocobase.cluster.queue.memory.directory", folder));
		}
	}

	private @Nullable HeldFile hold(Path file) {
		if (!HELD.add(file)) {
			return null;
		}
		HeldFile held = null;
		try {
			held = tryLock(file);
		}
		catch (IOException ex) {
			this.signals.count("queue.unreadable-file", this.app);
			logger.error(LogMessage.format("Cannot open %s; its undone tasks wait for a start that can", file), ex);
		}
		finally {
			if (held == null) {
				HELD.remove(file);
			}
		}
		return held;
	}

	@SuppressWarnings("resource") // the channel carries the lock
	private @Nullable HeldFile tryLock(Path file) throws IOException {
		FileChannel channel;
		try {
			channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
		}
		catch (NoSuchFileException ex) {
			return null;
		}
		FileLock lock = null;
		try {
			lock = channel.tryLock();
			// Its holder may have deleted it after we had opened it.
			if (lock != null && Files.exists(file)) {
				return new HeldFile(file, channel, this.executor, (held) -> HELD.remove(held.path()));
			}
		}
		catch (OverlappingFileLockException ex) {
			logger.debug(LogMessage.format("%s belongs to another instance of this process", file), ex);
		}
		channel.close();
		return null;
	}

	private @Nullable SavedTasks read(HeldFile held) {
		try {
			Format format = this.mapper.readValue(new FirstLine(content(held)), Format.class);
			int version = (format != null) ? format.version() : 0;
			if (version > SavedTasks.VERSION) {
				this.signals.count("queue.newer-file", this.app);
				logger.error(LogMessage.format("%s has version %d, which a newer version of the application wrote; "
						+ "its tasks wait for one", held.path(), version));
				held.leave();
				return null;
			}
			InputStream content = content(held);
			SavedTasks saved = this.mapper.readValue(new FirstLine(content), SavedTasks.class);
			if (saved != null && version == SavedTasks.VERSION && this.app.equals(saved.app())) {
				held.readOver(new BufferedReader(new InputStreamReader(content, StandardCharsets.US_ASCII)).lines());
				return saved;
			}
			setAside(held, null);
		}
		catch (JacksonException ex) {
			if (!(ex.getCause() instanceof IOException) || ex.getCause() instanceof CharConversionException) {
				setAside(held, ex);
			}
			else {
				unreadable(held, ex);
			}
		}
		catch (IOException | UncheckedIOException ex) {
			unreadable(held, ex);
		}
		return null;
	}

	private void unreadable(HeldFile held, Exception ex) {
		this.signals.count("queue.unreadable-file", this.app);
		logger.error(LogMessage.format("Cannot read %s; its undone tasks wait for a start that can", held.path()), ex);
		held.leave();
	}

	private static InputStream content(HeldFile held) throws IOException {
		return new BufferedInputStream(Channels.newInputStream(held.channel().position(0)));
	}

	private void setAside(HeldFile held, @Nullable Exception damage) {
		Path aside = held.path().resolveSibling(held.path().getFileName() + ".damaged");
		this.signals.count("queue.damaged-file", this.app);
		try {
			Files.move(held.path(), aside, StandardCopyOption.REPLACE_EXISTING);
			logger.error(LogMessage.format("The file of undone tasks %s is damaged; it was set aside as %s",
					held.path(), aside), damage);
		}
		catch (IOException ex) {
			logger.error(
					LogMessage.format("The file of undone tasks %s is damaged and cannot be set aside", held.path()),
					ex);
		}
		held.leave();
	}

	/**
	 * What a file of any version has.
	 *
	 * @param version version of the format
	 */
	private record Format(int version) {

	}

}
