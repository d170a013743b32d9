package com.nocobase.cluster.queue.memory;

import java.nio.file.Path;

import org.junit.jupiter.api.io.TempDir;

import com.nocobase.cluster.queue.PriorityContract;
import com.nocobase.cluster.queue.QueueTestBroker;

/**
 * {@link PriorityContract} in memory.
 */
class MemoryPriorityTests extends PriorityContract {

	@TempDir
	private Path directory;

	@Override
	protected QueueTestBroker broker() {
		return new MemoryTestBroker(this.directory);
	}

}
