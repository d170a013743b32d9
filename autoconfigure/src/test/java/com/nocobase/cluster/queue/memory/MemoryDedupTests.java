package com.nocobase.cluster.queue.memory;

import java.nio.file.Path;

import org.junit.jupiter.api.io.TempDir;

import com.nocobase.cluster.queue.DedupContract;
import com.nocobase.cluster.queue.QueueTestBroker;

/**
 * {@link DedupContract} in memory.
 */
class MemoryDedupTests extends DedupContract {

	@TempDir
	private Path directory;

	@Override
	protected QueueTestBroker broker() {
		return new MemoryTestBroker(this.directory);
	}

}
