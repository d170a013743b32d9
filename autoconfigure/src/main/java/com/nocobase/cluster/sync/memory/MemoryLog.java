package com.nocobase.cluster.sync.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import com.nocobase.cluster.sync.SyncPosition;

/**
 * An application's log: positions, and who reads. What is sent goes to all readers in one
 * order; each keeps what it has not read yet.
 */
final class MemoryLog {

	/** Guards both fields below, and that all readers get one order. */
	private final ReentrantLock lock = new ReentrantLock();

	private final List<MemorySyncConnection> readers = new ArrayList<>();

	private long last;

	SyncPosition connect(MemorySyncConnection reader) {
		this.lock.lock();
		try {
			this.readers.add(reader);
			return new SyncPosition(this.last, 0);
		}
		finally {
			this.lock.unlock();
		}
	}

	void disconnect(MemorySyncConnection reader) {
		this.lock.lock();
		try {
			this.readers.remove(reader);
		}
		finally {
			this.lock.unlock();
		}
	}

	SyncPosition append(String channel, byte[] message) {
		this.lock.lock();
		try {
			this.last++;
			SyncPosition position = new SyncPosition(this.last, 0);
			this.readers.forEach((reader) -> reader.appended(channel, position, message));
			return position;
		}
		finally {
			this.lock.unlock();
		}
	}

	void tell(String instanceId, byte[] message) {
		readers().stream().filter((reader) -> reader.isOf(instanceId)).forEach((reader) -> reader.told(message));
	}

	void crashed(String instanceId) {
		readers().stream().filter((reader) -> reader.isOf(instanceId)).forEach(MemorySyncConnection::close);
	}

	private List<MemorySyncConnection> readers() {
		this.lock.lock();
		try {
			return List.copyOf(this.readers);
		}
		finally {
			this.lock.unlock();
		}
	}

}
