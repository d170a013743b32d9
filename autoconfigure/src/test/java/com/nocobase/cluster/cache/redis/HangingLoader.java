package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import org.springframework.core.task.SimpleAsyncTaskExecutor;

import com.nocobase.cluster.cache.CacheNodes;
import com.nocobase.cluster.cache.CacheSpec;
import com.nocobase.cluster.cache.ClusterCache;
import com.nocobase.cluster.cache.ClusterCacheManager;
import com.nocobase.cluster.support.ChildJvm;

/**
 * An instance in a JVM of its own that begins to load each key that it is told, and never
 * gets done.
 */
public final class HangingLoader {

	private static final SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("hanging-");

	private HangingLoader() {
	}

	static ChildJvm start(String app, Duration loadTimeout, String... settings) {
		return ChildJvm.start(HangingLoader.class,
				Stream.concat(Stream.of(app, loadTimeout.toString()), Stream.of(settings)).toList());
	}

	static ClusterCache<String> cache(CacheNodes nodes, String app, Duration loadTimeout) {
		return nodes.start(app)
			.getBean(ClusterCacheManager.class)
			.createCache("c", CacheSpec.of(String.class).withClusterWide().withLoadTimeout(loadTimeout));
	}

	/**
	 * Runs the instance.
	 * @param args name of the application, time limit of loads, and settings
	 * @throws Exception if it does not start
	 */
	public static void main(String[] args) throws Exception {
		ChildJvm.serve(() -> {
			List<String> settings = List.of(args).subList(2, args.length);
			ClusterCache<String> cache = cache(new CacheNodes(RedisNodes.class, settings.toArray(String[]::new)),
					args[0], Duration.parse(args[1]));
			return (key) -> hang(cache, key);
		});
	}

	private static String hang(ClusterCache<String> cache, String key) {
		CountDownLatch loading = new CountDownLatch(1);
		threads.execute(() -> cache.wrap(key, () -> {
			loading.countDown();
			new CountDownLatch(1).await();
			return "never";
		}));
		try {
			loading.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		return "loading";
	}

}
