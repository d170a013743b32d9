package com.nocobase.cluster.queue.memory;

import java.nio.file.Path;

import org.junit.jupiter.api.io.TempDir;

import com.nocobase.cluster.queue.QueueLifeContract;
import com.nocobase.cluster.queue.QueueTestBroker;

/**
 * {@link QueueLifeContract} in memory.
 */
class MemoryQueueLifeTests extends QueueLifeContract {

	@TempDir
	private Path directory;

	@Override
	protected QueueTestBroker broker() {
		return new MemoryTestBroker(this.directory);
	}

}
