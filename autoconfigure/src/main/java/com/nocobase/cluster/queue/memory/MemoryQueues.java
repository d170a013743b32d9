package com.nocobase.cluster.queue.memory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.memory.MemoryPart;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.Signals;

/**
 * All queues of a {@code MemoryBroker}, and who is connected. When the last instance
 * disconnects, what is undone goes into a file of its application. Safe from any thread.
 */
final class MemoryQueues implements MemoryPart {

	private static final Log logger = LogFactory.getLog(MemoryQueues.class);

	private final Map<String, MemoryChannel> channels = new ConcurrentHashMap<>();

	private final List<MemoryConnection> connections = new CopyOnWriteArrayList<>();

	/** Guards the files, and makes connecting and disconnecting one after the other. */
	private final ReentrantLock lock = new ReentrantLock();

	private final List<HeldFile> held = new ArrayList<>();

	MemoryChannel channel(String name) {
		return this.channels.computeIfAbsent(name, MemoryChannel::new);
	}

	List<MemoryChannel> channels() {
		return List.copyOf(this.channels.values());
	}

	void connect(MemoryConnection connection) {
		this.lock.lock();
		try {
			connection.files().takeUp((file, saved) -> restore(file, saved, connection));
			this.connections.add(connection);
		}
		finally {
			if (this.connections.isEmpty()) {
				leaveFiles();
			}
			this.lock.unlock();
		}
		promote(connection);
	}

	void disconnect(MemoryConnection connection, Signals signals) {
		this.lock.lock();
		try {
			leave(connection, false);
			if (this.connections.isEmpty()) {
				save(connection, signals);
			}
		}
		finally {
			if (this.connections.isEmpty()) {
				leaveFiles();
			}
			this.lock.unlock();
		}
	}

	@Override
	public void crashed(Instance instance) {
		this.lock.lock();
		try {
			this.connections.stream()
				.filter((connection) -> connection.host().instance().equals(instance))
				.forEach((connection) -> leave(connection, true));
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean cancel(String id, MemoryConnection asking) {
		boolean confirmed = false;
		for (MemoryConnection connection : this.connections) {
			confirmed |= connection != asking && connection.host().cancelHere(id);
		}
		return confirmed;
	}

	void promote(MemoryConnection connection) {
		this.channels.values().forEach((channel) -> channel.change((tasks) -> {
			tasks.promote(connection);
			return true;
		}));
	}

	private void leave(MemoryConnection connection, boolean died) {
		connection.close();
		this.connections.remove(connection);
		this.channels.values().forEach((channel) -> channel.release(connection, died));
		// Its alarm may have been the only one that knew of a delayed task.
		this.connections.stream().findFirst().ifPresent(this::promote);
	}

	private void restore(HeldFile file, SavedTasks saved, MemoryConnection connection) {
		long away = Math.max(0, connection.now().toEpochMilli() - saved.writtenAt());
		List<Integer> undone = IntStream.range(0, saved.tasks().size()).filter(file::isUndone).boxed().toList();
		file.undone(undone.size());
		this.held.removeIf(HeldFile::isOver);
		this.held.add(file);
		for (int position : undone) {
			SavedTask task = saved.tasks().get(position);
			Duration remaining = Duration.ofMillis(Math.max(0, task.delay() - away));
			MemoryTask restored = MemoryTask.of(task, remaining, connection.nanoTime(), file, position);
			channel(task.channel()).change((tasks) -> {
				tasks.restore(restored, connection);
				return true;
			});
		}
		logger.info(LogMessage.format("Took up %d undone tasks from %s", undone.size(), file.path()));
	}

	private void save(MemoryConnection last, Signals signals) {
		Map<String, List<SavedTask>> undone = new TreeMap<>();
		for (MemoryChannel channel : this.channels.values()) {
			for (SavedTask task : channel.change((tasks) -> tasks.undone(last.nanoTime()))) {
				undone.computeIfAbsent(app(task, last), (app) -> new ArrayList<>()).add(task);
			}
		}
		boolean kept = true;
		for (Map.Entry<String, List<SavedTask>> application : undone.entrySet()) {
			kept &= write(application.getKey(), application.getValue(), last, signals);
		}
		if (kept) {
			this.channels.values().forEach((channel) -> channel.change((tasks) -> {
				tasks.clear();
				return true;
			}));
			this.held.forEach(HeldFile::delete);
		}
	}

	private static String app(SavedTask task, MemoryConnection last) {
		// Tasks that all applications share go with the last one.
		String scope = task.channel().substring(0, Math.max(0, task.channel().indexOf(':')));
		return scope.isEmpty() ? last.host().instance().app() : scope.replace("%3A", ":").replace("%25", "%");
	}

	private static boolean write(String app, List<SavedTask> undone, MemoryConnection last, Signals signals) {
		try {
			Path file = last.files().write(new SavedTasks(SavedTasks.VERSION, app, last.now().toEpochMilli(), undone));
			logger.info(LogMessage.format("Kept %d undone tasks in %s", undone.size(), file));
			return true;
		}
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			undone.forEach((task) -> signals.count("queue.lost", app));
			logger.error(LogMessage.format(
					"Cannot write %d undone tasks to a file; they are lost when this process ends", undone.size()), ex);
			return false;
		}
	}

	private void leaveFiles() {
		this.held.forEach(HeldFile::leave);
		this.held.clear();
	}

}
