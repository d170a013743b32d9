package com.nocobase.cluster.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timer;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;

/**
 * Lets Lettuce come back in milliseconds where its own timer takes a tenth of a second: a
 * bean for tests that lose a thousand connections.
 */
public final class QuickReconnects implements ClientResourcesBuilderCustomizer {

	private static final Timer TIMER = new HashedWheelTimer(new DefaultThreadFactory("quick-reconnects", true), 1,
			TimeUnit.MILLISECONDS);

	@Override
	public void customize(ClientResources.Builder builder) {
		builder.timer(TIMER).reconnectDelay(Delay.constant(Duration.ofMillis(1)));
	}

}
