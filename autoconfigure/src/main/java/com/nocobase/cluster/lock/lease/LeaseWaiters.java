package com.nocobase.cluster.lock.lease;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.lock.LockRequest;
import com.nocobase.cluster.redis.RedisLinkListener;
import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * The threads of this instance that wait for locks, by owner, and the news that the
 * server has for them: {@code l<token>|<server time>|<owner>\n<holder>} hands the lock
 * with that key of the holder over, {@code l?<owner>} asks the owner to ask again.
 * <p>
 * A lock that is handed to an owner who is not here is given back: it was an owner of an
 * earlier process with this instance's id, or a request that came to the server late.
 */
final class LeaseWaiters implements RedisLinkListener {

	private static final Log logger = LogFactory.getLog(LeaseWaiters.class);

	private final ClusterRuntime runtime;

	private final BiConsumer<String, String> giveBack;

	private final Map<String, LeaseWaiter> waiters = new ConcurrentHashMap<>();

	/** Owners who have waited and now hold, of whom news may still come. */
	private final Set<String> holders = ConcurrentHashMap.newKeySet();

	/**
	 * Creates an empty table.
	 * @param runtime the clock
	 * @param giveBack gets key and owner of a lock that nobody here waits for
	 */
	LeaseWaiters(ClusterRuntime runtime, BiConsumer<String, String> giveBack) {
		this.runtime = runtime;
		this.giveBack = giveBack;
	}

	LeaseWaiter add(LockRequest request) {
		LeaseWaiter waiter = new LeaseWaiter(request);
		this.waiters.put(request.owner(), waiter);
		return waiter;
	}

	/**
	 * A waiter has its lock, or gives up.
	 * @param request what it asked for
	 * @param granted whether it has its lock
	 */
	void remove(LockRequest request, boolean granted) {
		if (granted) {
			this.holders.add(request.owner());
		}
		this.waiters.remove(request.owner());
	}

	/**
	 * A lock is given back.
	 * @param owner its owner
	 */
	void released(String owner) {
		this.holders.remove(owner);
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
		int afterOwner = news.indexOf('\n', afterTime + 1);
		Long token = number(news, 1, afterToken);
		Long serverTime = number(news, afterToken + 1, afterTime);
		String key = LeaseKeys.key(news.substring(afterOwner + 1));
		if (token != null && serverTime != null && afterOwner > 0 && key != null) {
			granted(key, news.substring(afterTime + 1, afterOwner), token, serverTime);
		}
	}

	private void granted(String key, String owner, long token, long serverTime) {
		LeaseWaiter waiter = this.waiters.get(owner);
		if (waiter != null) {
			waiter.granted(token, serverTime, this.runtime.nanoTime());
		}
		else if (!this.holders.contains(owner)) {
			giveBack(key, owner);
		}
	}

	private void giveBack(String key, String owner) {
		try {
			this.runtime.executor().execute(() -> this.giveBack.accept(key, owner));
		}
		catch (RejectedExecutionException ex) {
			logger.debug(LogMessage.format("Lock '%s' ends by itself", key), ex);
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
