package com.nocobase.cluster.queue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.queue.TaskMessage;
import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Incident;

/**
 * One channel as one session uses it. A call that takes or settles tasks is sent until
 * the server has answered it: given up half way it would leave tasks with an owner that
 * knows nothing of them. Safe from any thread.
 */
final class RedisChannel {

	private static final Duration AGAIN = Duration.ofMillis(500);

	private static final byte[] NO_PAUSE = { '0' };

	private static final byte[] NO_OPTIONS = {};

	private static final int PER_TASK = 3;

	private final String name;

	private final ChannelKeys keys;

	private final QueueSession session;

	private final RedisServer server;

	private final QueueScripts scripts;

	private final ClusterRuntime runtime;

	private final Incident failed;

	private final Duration ownership;

	private final byte[][] publishKeys;

	private final byte[][] settleKeys;

	private final GroupedCalls<TaskMessage, Boolean> publishing;

	private final GroupedCalls<Settling, Boolean> settling;

	private final AtomicInteger owned = new AtomicInteger();

	private volatile @Nullable RedisConsumer consumer;

	RedisChannel(String name, QueueSession session, RedisQueueServer queue) {
		this.name = name;
		this.keys = new ChannelKeys(name);
		this.session = session;
		this.server = queue.server();
		this.scripts = queue.scripts();
		this.runtime = queue.runtime();
		this.failed = queue.failed();
		this.ownership = queue.ownership();
		this.publishKeys = this.keys.all(session.lane("publish"));
		this.settleKeys = this.keys.all(session.lane("settle"));
		this.publishing = new GroupedCalls<>(this::sendPublished, (task) -> task.frame().length);
		this.settling = new GroupedCalls<>(this::sendSettled, (each) -> each.second().length());
	}

	String name() {
		return this.name;
	}

	ChannelKeys keys() {
		return this.keys;
	}

	QueueSession session() {
		return this.session;
	}

	RedisServer server() {
		return this.server;
	}

	ClusterRuntime runtime() {
		return this.runtime;
	}

	Duration ownership() {
		return this.ownership;
	}

	@Nullable RedisConsumer consumer() {
		return this.consumer;
	}

	void consumer(RedisConsumer consumer) {
		this.consumer = consumer;
	}

	/**
	 * Returns whether tasks of this channel are in the hands of this session.
	 * @return whether there are any
	 */
	boolean isOwning() {
		return this.owned.get() > 0;
	}

	/**
	 * Returns when all that was settled so far has reached the server.
	 * @return completed when it has
	 */
	CompletableFuture<Void> settled() {
		return this.settling.idle();
	}

	/**
	 * Gives back what this session still owns.
	 * @return completed when the server has done so
	 */
	CompletableFuture<Long> leave() {
		return this.server.send(this.scripts.leave, this.keys.all(this.session.lane("leave")),
				RedisNames.bytes(this.session.name()));
	}

	/**
	 * Retries or discards dead letters, oldest first.
	 * @param retry whether to retry them
	 * @param most how many at most
	 * @param only id of the only one that is meant, or an empty text
	 * @return how many
	 */
	int changeDead(boolean retry, int most, String only) {
		String number = this.session.number();
		return this.server
			.run(this.scripts.dead, this.keys.all(this.session.lane("dead-" + number)), RedisNames.bytes(number),
					RedisNames.bytes(retry ? "R" : "D"), RedisNames.bytes(most), RedisNames.bytes(only))
			.intValue();
	}

	/**
	 * Cancels a task that waits or is delayed.
	 * @param id id of the task
	 * @return whether it was one
	 */
	boolean cancel(String id) {
		String number = this.session.number();
		return this.server.run(this.scripts.cancel, this.keys.all(this.session.lane("cancel-" + number)),
				RedisNames.bytes(number), RedisNames.bytes(id)) > 0;
	}

	CompletableFuture<Boolean> publish(TaskMessage task) {
		return this.publishing.ask(task);
	}

	CompletableFuture<Boolean> settle(Settling settling) {
		return this.settling.ask(settling);
	}

	/**
	 * Tells how far a task is, if it is still owned.
	 * @param id id of the task
	 * @param owner who has it
	 * @param value how much is done, and how much there is
	 */
	void progress(String id, String owner, String value) {
		this.server.run(this.scripts.progress, this.keys.all("progress"), RedisNames.bytes(id), RedisNames.bytes(owner),
				RedisNames.bytes(value));
	}

	/**
	 * Takes tasks.
	 * @param consumer name of the consumer, which waits for an answer before it takes
	 * again
	 * @param most how many at most
	 * @param wanted how many have to be there, or the consumer waits for a signal
	 * @return what was taken, and when to take again
	 */
	CompletableFuture<Taken> take(String consumer, int most, int wanted) {
		String number = this.session.number();
		byte[][] takeKeys = this.keys.all(this.session.lane(consumer));
		byte[][] args = { RedisNames.bytes(this.session.waiter(consumer)), RedisNames.bytes(number),
				RedisNames.bytes(most), RedisNames.bytes(this.ownership.toMillis()), RedisNames.bytes(wanted) };
		return untilAnswered(() -> this.server.send(this.scripts.take, takeKeys, args))
			.thenApply((answer) -> taken(answer, number));
	}

	/**
	 * Tells the server that a consumer does not wait for work any more.
	 * @param consumer name of the consumer
	 * @param number number of its last take; a later one may overtake this call
	 */
	void still(String consumer, String number) {
		untilAnswered(() -> this.server.send(this.scripts.still, this.keys.all(this.session.lane(consumer)),
				RedisNames.bytes(this.session.waiter(consumer)), RedisNames.bytes(number)));
	}

	private Taken taken(List<Object> answer, String number) {
		String token = this.session.token(number);
		long now = this.runtime.nanoTime();
		List<RedisDelivery> tasks = new ArrayList<>(answer.size() / PER_TASK);
		for (int i = 1; i < answer.size(); i += PER_TASK) {
			tasks.add(new RedisDelivery(this, RedisNames.text(answer.get(i)), token,
					StoredTask.of((byte[]) answer.get(i + 1)), TaskPast.of(RedisNames.text(answer.get(i + 2))), now));
		}
		this.owned.addAndGet(tasks.size());
		return new Taken(tasks, (Long) answer.get(0), number);
	}

	private CompletableFuture<List<Boolean>> sendPublished(List<TaskMessage> tasks) {
		byte[][] args = new byte[1 + 4 * tasks.size()][];
		args[0] = RedisNames.bytes(this.session.number());
		for (int i = 0; i < tasks.size(); i++) {
			TaskMessage task = tasks.get(i);
			args[4 * i + 1] = RedisNames.bytes(task.id());
			args[4 * i + 2] = task.frame();
			args[4 * i + 3] = task.delay().isZero() ? NO_PAUSE : RedisNames.bytes(Settling.millis(task.delay()));
			args[4 * i + 4] = options(task);
		}
		return this.server.send(this.scripts.publish, this.publishKeys, args)
			.thenApply((stored) -> Collections.nCopies(tasks.size(), true));
	}

	private static byte[] options(TaskMessage task) {
		Duration window = task.dedupWindow();
		if (window == null && task.priority() == 0) {
			return NO_OPTIONS;
		}
		return RedisNames.bytes(task.priority() + ";" + ((window != null) ? Settling.millis(window) : ""));
	}

	private CompletableFuture<List<Boolean>> sendSettled(List<Settling> group) {
		byte[][] args = new byte[1 + 5 * group.size()][];
		args[0] = RedisNames.bytes(this.session.number());
		for (int i = 0; i < group.size(); i++) {
			Settling each = group.get(i);
			args[5 * i + 1] = RedisNames.bytes(each.id());
			args[5 * i + 2] = RedisNames.bytes(each.owner());
			args[5 * i + 3] = RedisNames.bytes(each.what());
			args[5 * i + 4] = RedisNames.bytes(each.first());
			// An error may have half a character, which matters to nobody.
			args[5 * i + 5] = each.second().getBytes(StandardCharsets.UTF_8);
		}
		return untilAnswered(() -> this.server.send(this.scripts.settle, this.settleKeys, args))
			.whenComplete((results, ex) -> this.owned.addAndGet(-group.size()))
			.thenApply((results) -> {
				List<Boolean> owned = new ArrayList<>(results.length);
				for (byte result : results) {
					owned.add(result == '1');
				}
				return owned;
			});
	}

	private <T> CompletableFuture<T> untilAnswered(Supplier<CompletableFuture<T>> call) {
		CompletableFuture<T> answer = new CompletableFuture<>();
		send(call, answer);
		return answer;
	}

	private <T> void send(Supplier<CompletableFuture<T>> call, CompletableFuture<T> answer) {
		CompletableFuture<T> sent;
		try {
			sent = call.get();
		}
		catch (RuntimeException ex) {
			sent = CompletableFuture.failedFuture(ex);
		}
		sent.whenComplete((result, ex) -> {
			if (ex == null) {
				answer.complete(result);
			}
			else {
				sendAgain(call, answer, ex);
			}
		});
	}

	private <T> void sendAgain(Supplier<CompletableFuture<T>> call, CompletableFuture<T> answer, Throwable failure) {
		if (!this.session.isOpen()) {
			answer.completeExceptionally(failure);
			return;
		}
		this.failed.warn(this.name, "Redis did not take a call of channel '%s'; it is sent again".formatted(this.name),
				failure);
		try {
			this.runtime.scheduler()
				.schedule(() -> send(call, answer), this.runtime.scheduler().getClock().instant().plus(AGAIN));
		}
		catch (RuntimeException ex) {
			answer.completeExceptionally(ex);
		}
	}

	/**
	 * What a take has brought.
	 *
	 * @param tasks what was taken
	 * @param due in how many milliseconds the next delayed task comes to its time, or -1
	 * @param number number of the call
	 */
	record Taken(List<RedisDelivery> tasks, long due, String number) {

	}

}
