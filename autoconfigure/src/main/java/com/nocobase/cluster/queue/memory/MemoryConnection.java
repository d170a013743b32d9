package com.nocobase.cluster.queue.memory;

import java.time.Instant;

import com.nocobase.cluster.queue.QueueException;
import com.nocobase.cluster.queue.QueueHost;
import com.nocobase.cluster.support.Alarm;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * One instance at the broker, from a connect to a disconnect or a crash.
 */
final class MemoryConnection {

	private final QueueHost host;

	private final ClusterRuntime runtime;

	private final int maxSize;

	private final UndoneFiles files;

	/** Wakes up delayed tasks, those of other instances too. */
	private final Alarm alarm;

	private volatile boolean open = true;

	MemoryConnection(QueueHost host, ClusterRuntime runtime, int maxSize, UndoneFiles files, MemoryQueues queues) {
		this.host = host;
		this.runtime = runtime;
		this.maxSize = maxSize;
		this.files = files;
		this.alarm = new Alarm(runtime, () -> queues.promote(this));
	}

	QueueHost host() {
		return this.host;
	}

	int maxSize() {
		return this.maxSize;
	}

	UndoneFiles files() {
		return this.files;
	}

	boolean isOpen() {
		return this.open;
	}

	void check() {
		if (!this.open) {
			throw new QueueException(
					"Instance '%s' is not connected to the queue in memory".formatted(this.host.instance().id()), null);
		}
	}

	void close() {
		this.open = false;
		this.alarm.cancel();
	}

	long nanoTime() {
		return this.runtime.nanoTime();
	}

	Instant now() {
		return this.runtime.clock().instant();
	}

	void wakeUpBy(long nanoTime) {
		this.alarm.by(nanoTime);
	}

}
