package com.nocobase.cluster.queue.memory;

import java.nio.file.Path;

import org.junit.jupiter.api.io.TempDir;

import com.nocobase.cluster.queue.QueueTestBroker;
import com.nocobase.cluster.queue.TaskLookupContract;

/**
 * {@link TaskLookupContract} in memory.
 */
class MemoryTaskLookupTests extends TaskLookupContract {

	@TempDir
	private Path directory;

	@Override
	protected QueueTestBroker broker() {
		return new MemoryTestBroker(this.directory);
	}

}
