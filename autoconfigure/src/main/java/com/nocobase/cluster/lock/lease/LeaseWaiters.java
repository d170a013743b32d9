package com.nocobase.cluster.lock.lease;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.lock.LockRequest;
import com.nocobase.cluster.redis.RedisLinkListener;
import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * The threads of this instance that wait for locks, by owner, and the news that the
 * server has for them: {@code l<token>|<server time>|<owner>} hands a lock over,
 * {@code l?<owner>} asks the owner to ask again.
 */
final class LeaseWaiters implements RedisLinkListener {

	private final ClusterRuntime runtime;

	private final Map<String, LeaseWaiter> waiters = new ConcurrentHashMap<>();

	LeaseWaiters(ClusterRuntime runtime) {
		this.runtime = runtime;
	}

	LeaseWaiter add(LockRequest request) {
		LeaseWaiter waiter = new LeaseWaiter(request);
		this.waiters.put(request.owner(), waiter);
		return waiter;
	}

	void remove(LockRequest request) {
		this.waiters.remove(request.owner());
	}

	void signalled(byte[] signal) {
		String news = RedisNames.text(signal);
		if (news.startsWith("l?")) {
			LeaseWaiter waiter = this.waiters.get(news.substring(2));
			if (waiter != null) {
				waiter.wake();
			}
			return;
		}
		int afterToken = news.indexOf('|');
		int afterTime = news.indexOf('|', afterToken + 1);
		LeaseWaiter waiter = (afterTime > 0) ? this.waiters.get(news.substring(afterTime + 1)) : null;
		Long token = number(news, 1, afterToken);
		Long serverTime = number(news, afterToken + 1, afterTime);
		if (waiter != null && token != null && serverTime != null) {
			waiter.granted(token, serverTime, this.runtime.nanoTime());
		}
	}

	private static @Nullable Long number(String text, int from, int to) {
		try {
			return (from < to) ? Long.valueOf(text.substring(from, to)) : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	@Override
	public void lost() {
		this.waiters.values().forEach(LeaseWaiter::wake);
	}

	@Override
	public void restored() {
		// What was handed over meanwhile was not heard.
		this.waiters.values().forEach(LeaseWaiter::wake);
	}

}
