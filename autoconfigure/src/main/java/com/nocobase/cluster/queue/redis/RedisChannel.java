package com.nocobase.cluster.queue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.queue.TaskMessage;
import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * One channel as one session uses it. A call that takes or settles tasks is sent until
 * the server has answered it: given up half way it would leave tasks with an owner that
 * knows nothing of them. Safe from any thread.
 */
final class RedisChannel {

	private static final byte[] ZERO = { '0' };

	private static final byte[] ONE = { '1' };

	private final String name;

	private final ChannelKeys keys;

	private final QueueSession session;

	private final RedisServer server;

	private final QueueScripts scripts;

	private final ClusterRuntime runtime;

	private final PersistentCalls calls;

	private final Duration ownership;

	private final byte[][] completeKeys;

	private final byte[][] settleKeys;

	private final StoredChanges changes;

	private final TaskPublishing publishing;

	private final GroupedCalls<Settling, Boolean> settling;

	private final AtomicInteger owned = new AtomicInteger();

	/**
	 * Owner and id of tasks that the server has sent by itself and that are not settled.
	 */
	private final Set<String> sent = ConcurrentHashMap.newKeySet();

	/** Called when there are tasks to own. */
	private final Runnable took;

	private volatile long renewedAt;

	private volatile @Nullable RedisConsumer consumer;

	RedisChannel(String name, QueueSession session, RedisQueueServer queue, Runnable took) {
		this.name = name;
		this.took = took;
		this.keys = new ChannelKeys(name);
		this.session = session;
		this.server = queue.server();
		this.scripts = queue.scripts();
		this.runtime = queue.runtime();
		this.calls = new PersistentCalls(name, session, queue);
		this.ownership = queue.ownership();
		this.renewedAt = queue.runtime().nanoTime() - queue.ownership().toNanos();
		this.completeKeys = this.keys.complete(session.lane("settle"));
		this.settleKeys = this.keys.all(session.lane("settle"));
		this.changes = new StoredChanges(this.keys, session, queue);
		this.publishing = new TaskPublishing(this.keys, session, queue);
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
	 * Forgets a consumer that was closed.
	 * @param closed the consumer
	 */
	void forget(RedisConsumer closed) {
		if (this.consumer == closed) {
			this.consumer = null;
		}
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

	StoredChanges changes() {
		return this.changes;
	}

	CompletableFuture<Boolean> publish(TaskMessage task) {
		return this.publishing.publish(task);
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
	 * @param registered whether the server may think that it waits for one
	 * @return what was taken, and when to take again
	 */
	CompletableFuture<Taken> take(String consumer, int most, int wanted, boolean registered) {
		String number = this.session.number();
		byte[][] takeKeys = this.keys.take(this.session.lane(consumer));
		long askedAt = this.runtime.nanoTime();
		boolean renews = askedAt - this.renewedAt > this.ownership.toNanos() / 4;
		byte[][] args = { RedisNames.bytes(this.session.waiter(consumer)), RedisNames.bytes(number),
				RedisNames.bytes(most), RedisNames.bytes(wanted),
				renews ? RedisNames.bytes(this.ownership.toMillis()) : ZERO, registered ? ONE : ZERO };
		return this.calls.untilAnswered(() -> this.server.send(this.scripts.take, takeKeys, args))
			.thenApply((answer) -> {
				Taken taken = taken(answer, number);
				if (renews && !taken.tasks().isEmpty()) {
					this.renewedAt = askedAt;
				}
				return taken;
			});
	}

	/**
	 * Takes a task that the server has sent by itself.
	 * @param id id of the task
	 * @param token its owner
	 * @param task the task
	 */
	void sent(String id, String token, byte[] task) {
		RedisDelivery delivery = new RedisDelivery(this, id, token, StoredTask.of(task), this.runtime.nanoTime());
		this.owned.incrementAndGet();
		this.sent.add(token + '\n' + id);
		this.took.run();
		RedisConsumer taker = this.consumer;
		if (taker != null) {
			taker.sent(delivery);
		}
		else {
			delivery.giveBack(Duration.ZERO);
		}
	}

	/** Looks after tasks that were sent and may have been lost on the way. */
	void mark() {
		this.calls.untilAnswered(() -> this.server.send(this.scripts.marker, this.keys.all(this.session.lane("marker")),
				RedisNames.bytes(this.session.name())));
	}

	/**
	 * Gives back tasks that were sent and have not come.
	 * @param time until when they were sent, in milliseconds of the server
	 */
	void marked(String time) {
		List<byte[]> args = new ArrayList<>();
		args.add(RedisNames.bytes(this.session.name()));
		args.add(RedisNames.bytes(time));
		this.sent.forEach((id) -> args.add(RedisNames.bytes(id)));
		this.calls.untilAnswered(() -> this.server.send(this.scripts.reconcile,
				this.keys.all(this.session.lane("reconcile")), args.toArray(byte[][]::new)));
	}

	/** Puts delayed tasks whose time has come into the line. */
	void promote() {
		this.calls
			.untilAnswered(() -> this.server.send(this.scripts.promote, this.keys.all(this.session.lane("promote"))))
			.thenAccept((due) -> {
				RedisConsumer taker = this.consumer;
				if (taker != null) {
					taker.dueIn(due);
				}
			});
	}

	/**
	 * Tells the server that a consumer does not wait for work any more.
	 * @param consumer name of the consumer
	 * @param number number of its last take; a later one may overtake this call
	 */
	void still(String consumer, String number) {
		this.calls.untilAnswered(() -> this.server.send(this.scripts.still, this.keys.all(this.session.lane(consumer)),
				RedisNames.bytes(this.session.waiter(consumer)), RedisNames.bytes(number)));
	}

	private Taken taken(List<Object> answer, String number) {
		String token = this.session.token(number);
		long now = this.runtime.nanoTime();
		List<RedisDelivery> tasks = new ArrayList<>(answer.size() / 2);
		for (int i = 1; i < answer.size(); i += 2) {
			tasks.add(new RedisDelivery(this, RedisNames.text(answer.get(i)), token,
					StoredTask.of((byte[]) answer.get(i + 1)), now));
		}
		if (!tasks.isEmpty()) {
			this.owned.addAndGet(tasks.size());
			this.took.run();
		}
		return new Taken(tasks, (Long) answer.get(0), number);
	}

	private CompletableFuture<List<Boolean>> sendSettled(List<Settling> group) {
		boolean done = group.stream().allMatch(Settling::isPlainlyDone);
		List<byte[]> args = new ArrayList<>(1 + 5 * group.size());
		args.add(RedisNames.bytes(this.session.number()));
		for (Settling each : group) {
			args.add(RedisNames.bytes(each.id()));
			args.add(RedisNames.bytes(each.owner()));
			if (!done) {
				args.add(RedisNames.bytes(each.what()));
			}
			// An error may have half a character, which matters to nobody.
			args.add(each.first().getBytes(StandardCharsets.UTF_8));
			if (!done) {
				args.add(each.second().getBytes(StandardCharsets.UTF_8));
			}
		}
		byte[][] all = args.toArray(byte[][]::new);
		return this.calls
			.untilAnswered(() -> this.server.send(done ? this.scripts.complete : this.scripts.settle,
					done ? this.completeKeys : this.settleKeys, all))
			.whenComplete((results, ex) -> {
				this.owned.addAndGet(-group.size());
				group.forEach((each) -> this.sent.remove(each.owner() + '\n' + each.id()));
			})
			.thenApply((results) -> {
				List<Boolean> owned = new ArrayList<>(results.length);
				for (byte result : results) {
					owned.add(result == '1');
				}
				return owned;
			});
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
