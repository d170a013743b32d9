package com.nocobase.cluster.queue.memory;

import java.nio.file.Path;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of the event queue in memory.
 *
 * @param directory Folder of the files that carry undone tasks over a graceful stop.
 * @param maxSize Most tasks of one channel, dead letters included; publishing more is
 * refused.
 */
@ConfigurationProperties("nocobase.cluster.queue.memory")
record MemoryQueueProperties(@DefaultValue(".nocobase-cluster") Path directory, @DefaultValue("1000000") int maxSize) {

	MemoryQueueProperties {
		Assert.isTrue(maxSize > 0, () -> "nocobase.cluster.queue.memory.max-size must be positive, but is " + maxSize);
	}

}
