package com.nocobase.cluster.cache.memory;

import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import com.nocobase.cluster.cache.CacheContract;
import com.nocobase.cluster.cache.CacheNodes;
import com.nocobase.cluster.cache.CacheSpec;
import com.nocobase.cluster.cache.ClusterCache;
import com.nocobase.cluster.cache.ClusterCacheManager;
import com.nocobase.cluster.memory.MemoryBroker;

import static org.assertj.core.api.Assertions.assertThat;

class MemoryCacheTests extends CacheContract {

	@Override
	protected CacheNodes nodes() {
		return MemoryNodes.create();
	}

	@Test
	void eachInstanceHasItsOwnEntries() {
		MemoryBroker broker = new MemoryBroker();
		try (var first = instance(broker); var second = instance(broker); var third = instance(broker)) {
			cache(first).set("k", "first");
			cache(second).set("k", "second");
			cache(first).reset();

			assertThat(Stream.of(first, second, third).map((context) -> cache(context).get("k"))).containsExactly(null,
					"second", null);
		}
	}

	private static ClusterCache<String> cache(AnnotationConfigApplicationContext context) {
		return context.getBean(ClusterCacheManager.class).createCache("c", CacheSpec.of(String.class));
	}

	private static AnnotationConfigApplicationContext instance(MemoryBroker broker) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.registerBean(MemoryBroker.class, () -> broker);
		context.register(MemoryNodes.class);
		context.refresh();
		return context;
	}

}
