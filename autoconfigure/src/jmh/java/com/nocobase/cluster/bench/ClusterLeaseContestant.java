package com.nocobase.cluster.bench;

import java.time.Duration;
import java.util.Map;

import bench.Env;
import bench.LockContestant;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.ClusterRedisAutoConfiguration;
import com.nocobase.cluster.autoconfigure.LockAutoConfiguration;
import com.nocobase.cluster.lock.Lease;
import com.nocobase.cluster.lock.LockManager;
import com.nocobase.cluster.lock.LockOptions;

/**
 * Locks of the adapter {@code redis-lease} as an application has them: a context with our
 * auto-configuration.
 */
public class ClusterLeaseContestant implements LockContestant {

	private static final LockOptions OPTIONS = LockOptions.DEFAULTS.withTtl(Duration.ofSeconds(30));

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private LockManager manager;

	/** The adapter that is measured. */
	protected String adapter() {
		return "redis-lease";
	}

	@Override
	public String name() {
		return "nocobase-cluster " + adapter();
	}

	@Override
	public void start() {
		Map<String, Object> properties = Map.of("nocobase.cluster.name", "bench", "nocobase.cluster.lock.adapter",
				adapter(), "nocobase.cluster.worker-id.allocator", "local", "spring.data.redis.host", Env.HOST,
				"spring.data.redis.port", Env.REDIS);
		this.context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("bench", properties));
		this.context.register(Application.class);
		this.context.refresh();
		this.manager = this.context.getBean(LockManager.class);
	}

	@Override
	public Object acquire(String key) {
		return this.manager.acquire(key, OPTIONS);
	}

	@Override
	public void release(String key, Object handle) {
		((Lease) handle).release();
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataRedisAutoConfiguration.class, ClusterAutoConfiguration.class,
			ClusterRedisAutoConfiguration.class, LockAutoConfiguration.class })
	static class Application {

	}

}
