package com.nocobase.cluster.load;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.data.redis.core.StringRedisTemplate;

import com.nocobase.cluster.lock.FencedLockManager;
import com.nocobase.cluster.lock.LockManager;
import com.nocobase.cluster.lock.LockOptions;

/**
 * One of the processes: takes locks again and again, and adds to the {@link Register}
 * under each.
 */
public final class LoadProgram {

	private static final int THREADS = 8;

	private final LockManager locks;

	private final ObjectProvider<FencedLockManager> fenced;

	private final Register register;

	private final String run;

	private final int keys;

	private final AtomicInteger left;

	private LoadProgram(AssertableApplicationContext context, String run, int keys, int sections) {
		this.locks = context.getBean(LockManager.class);
		this.fenced = context.getBeanProvider(FencedLockManager.class);
		this.register = new Register(context.getBean(StringRedisTemplate.class), run);
		this.run = run;
		this.keys = keys;
		this.left = new AtomicInteger(sections);
	}

	/**
	 * Runs the program; it fails if any section did.
	 * @param args name of the run, number of keys, number of sections, then properties
	 */
	public static void main(String[] args) {
		String[] properties = Arrays.copyOfRange(args, 3, args.length);
		LoadContext.of(properties)
			.run((context) -> new LoadProgram(context, args[0], Integer.parseInt(args[1]), Integer.parseInt(args[2]))
				.run());
	}

	private void run() {
		SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("load-");
		List<CompletableFuture<Void>> all = IntStream.range(0, THREADS)
			.mapToObj((i) -> threads.submitCompletable(this::work))
			.toList();
		all.forEach(CompletableFuture::join);
	}

	private void work() {
		FencedLockManager manager = this.fenced.getIfAvailable();
		while (this.left.getAndDecrement() > 0) {
			int key = ThreadLocalRandom.current().nextInt(this.keys);
			String name = "load:" + this.run + ":" + key;
			String owner = UUID.randomUUID().toString();
			if (manager != null) {
				manager.runFenced(name, LockOptions.DEFAULTS, (lease) -> {
					this.register.add(key, owner, Long.toString(lease.token()));
					return true;
				});
			}
			else {
				this.locks.runExclusive(name, LockOptions.DEFAULTS, () -> this.register.add(key, owner, ""));
			}
		}
	}

}
