package com.nocobase.cluster.queue.memory;

import java.nio.file.Path;

import org.junit.jupiter.api.io.TempDir;

import com.nocobase.cluster.queue.QueueFailureContract;
import com.nocobase.cluster.queue.QueueTestBroker;

/**
 * {@link QueueFailureContract} in memory.
 */
class MemoryQueueFailureTests extends QueueFailureContract {

	@TempDir
	private Path directory;

	@Override
	protected QueueTestBroker broker() {
		return new MemoryTestBroker(this.directory);
	}

}
