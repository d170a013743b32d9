package com.nocobase.cluster.queue.memory;

import java.nio.file.Path;

import org.junit.jupiter.api.io.TempDir;

import com.nocobase.cluster.queue.QueueContract;
import com.nocobase.cluster.queue.QueueTestBroker;

/**
 * {@link QueueContract} in memory.
 */
class MemoryQueueTests extends QueueContract {

	@TempDir
	private Path directory;

	@Override
	protected QueueTestBroker broker() {
		return new MemoryTestBroker(this.directory);
	}

}
