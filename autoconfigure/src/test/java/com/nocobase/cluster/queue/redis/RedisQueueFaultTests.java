package com.nocobase.cluster.queue.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.queue.QueueCluster;
import com.nocobase.cluster.queue.QueueException;
import com.nocobase.cluster.queue.QueueNode;
import com.nocobase.cluster.queue.QueueOptions;
import com.nocobase.cluster.queue.TaskLookup;
import com.nocobase.cluster.queue.TaskOptions;
import com.nocobase.cluster.queue.TaskReceipt;
import com.nocobase.cluster.redis.OwnNetwork;
import com.nocobase.cluster.redis.QuickReconnects;
import com.nocobase.cluster.redis.RedisOptions;
import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.redis.TcpProxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The event queue when server and network fail. The server writes each command to its
 * file before it answers.
 */
@Timeout(90)
class RedisQueueFaultTests {

	private static final Duration RECOVERY = Duration.ofSeconds(30);

	private final RedisProcess redis = RedisProcess.start(RedisOptions.aof().with("appendfsync always"));

	private final QueueCluster cluster = new QueueCluster(new RedisTestBroker(this.redis.properties()));

	private final SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("publisher-");

	private final TaskRuns runs = new TaskRuns();

	private final Set<Integer> confirmed = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean ended = new AtomicBoolean();

	@AfterEach
	void stop() {
		this.ended.set(true);
		this.cluster.close();
		this.redis.close();
	}

	private QueueNode node(String... settings) {
		Map<String, Object> properties = new ConcurrentHashMap<>(
				Map.of("nocobase.cluster.queue.ownership", "1s", "nocobase.cluster.queue.publish-timeout", "1s"));
		for (String setting : settings) {
			properties.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
		}
		return this.cluster.node(properties, (context) -> context.registerBean(QuickReconnects.class));
	}

	private static TcpProxy network(QueueNode node) {
		return node.bean(OwnNetwork.class).proxy();
	}

	private void work(QueueNode node) {
		node.queue().subscribe("work", Integer.class, QueueOptions.DEFAULTS.withConcurrency(4), (number, context) -> {
			long begun = System.nanoTime();
			pass(Duration.ofMillis(5));
			this.runs.ran(number, node, begun);
		});
	}

	private CompletableFuture<Integer> publishAll(QueueNode node) {
		return this.threads.submitCompletable(() -> {
			int number = 0;
			while (!this.ended.get()) {
				try {
					node.queue().publish("work", number);
					this.confirmed.add(number);
				}
				catch (QueueException ex) {
					// It may be there all the same.
				}
				number++;
				pass(Duration.ofMillis(2));
			}
			return number;
		});
	}

	private static void pass(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

	@ParameterizedTest
	@EnumSource
	void everyConfirmedTaskIsDoneAfter(Fault fault) throws Exception {
		List<QueueNode> nodes = List.of(node(), node());
		nodes.forEach(this::work);
		CompletableFuture<Integer> publishing = publishAll(nodes.get(0));
		await().until(() -> this.runs.size() >= 100);

		long begun = System.nanoTime();
		fault.happen(this.redis, nodes);
		long over = System.nanoTime();
		int before = this.confirmed.size();
		await().atMost(RECOVERY).until(() -> this.confirmed.size() >= before + 100);
		this.ended.set(true);
		int published = publishing.get(10, TimeUnit.SECONDS);

		await().atMost(RECOVERY).untilAsserted(() -> assertThat(this.confirmed).allMatch(this.runs::isDone));
		await().atMost(RECOVERY)
			.untilAsserted(() -> assertThat(QueueKeys.unfinished(this.redis)).as("what is left").isEmpty());
		List<Integer> doubled = this.runs.doubled();
		List<Integer> unsettled = this.runs.unsettled(fault.hit(nodes), begun, over);
		System.out.printf("%s: %d published, %d confirmed, %d done, %d of %d unsettled ones twice%n", fault, published,
				this.confirmed.size(), this.runs.size(), doubled.size(), unsettled.size());
		assertThat(unsettled).containsAll(doubled);
		assertThat(nodes.get(1).bean(TaskLookup.class).depth("work")).isZero();
	}

	@Test
	void newTasksAreTakenWithoutARestartAfterTheDataWasLost() {
		List<QueueNode> nodes = List.of(node(), node());
		nodes.forEach(this::work);
		nodes.get(0).queue().publish("work", -1);
		await().until(() -> this.runs.isDone(-1));
		this.redis.restart(false);

		await().atMost(RECOVERY).ignoreExceptionsInstanceOf(QueueException.class).until(() -> {
			nodes.get(0).queue().publish("work", 0);
			return true;
		});
		for (int i = 1; i < 100; i++) {
			nodes.get(i % 2).queue().publish("work", i);
		}

		await().atMost(RECOVERY).untilAsserted(() -> assertThat(this.runs.size()).isEqualTo(101));
		// No connection breaks, so nobody is told that who waits is forgotten.
		this.redis.command("FLUSHALL");
		nodes.get(0).queue().publish("work", 101);
		await().atMost(RECOVERY).until(() -> this.runs.isDone(101));
		await().atMost(RECOVERY).until(() -> QueueKeys.unfinished(this.redis).isEmpty());
	}

	@Test
	void publishThatWasGivenUpIsNotSentWhenTheConnectionIsBack() {
		QueueNode cut = node("nocobase.cluster.queue.publish-timeout=300ms");
		TaskLookup lookup = node().bean(TaskLookup.class);
		cut.queue().publish("work", 0);
		network(cut).cut();
		cut.queue().publishAsync("work", 1, TaskOptions.DEFAULTS);

		List<TaskReceipt> givenUp = List.of(cut.queue().publishAsync("work", 2, TaskOptions.DEFAULTS),
				cut.queue().publishAsync("work", 3, TaskOptions.DEFAULTS));
		assertThatExceptionOfType(QueueException.class).isThrownBy(() -> cut.queue().publish("work", 4));

		givenUp.forEach((each) -> assertThat(each.await(Duration.ofSeconds(5))).isEqualTo(SendState.FAILED));
		network(cut).restore();
		await().atMost(RECOVERY).ignoreExceptionsInstanceOf(QueueException.class).until(() -> {
			cut.queue().publish("work", 5);
			return true;
		});
		// The first one was on its way already.
		assertThat(lookup.depth("work")).isLessThanOrEqualTo(3);
		assertThat(givenUp).allMatch((each) -> lookup.find(each.id()).isEmpty());
	}

	@Test
	void whoHasLostATaskNeitherSettlesItNorTellsHowFarItIs() throws InterruptedException {
		QueueNode cut = node("nocobase.cluster.redis.timeout=300ms");
		QueueNode other = node();
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch restored = new CountDownLatch(1);
		Queue<String> done = new ConcurrentLinkedQueue<>();
		cut.queue().subscribe("work", Integer.class, (number, context) -> {
			started.countDown();
			restored.await();
			context.progress(1, 2);
			done.add("late");
		});
		String task = other.queue().publish("work", 1, TaskOptions.DEFAULTS.withTimeout(Duration.ofMinutes(1))).id();
		assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();

		network(cut).cut();
		other.queue().subscribe("work", Integer.class, (number, context) -> {
			context.progress(2, 2);
			done.add("elsewhere");
		});
		await().atMost(RECOVERY).untilAsserted(() -> assertThat(done).containsExactly("elsewhere"));
		network(cut).restore();
		await().atMost(RECOVERY).until(() -> cut.health().up());
		restored.countDown();

		await().atMost(RECOVERY).until(() -> cut.signals("queue.rejected") == 1);
		assertThat(done).containsExactly("elsewhere", "late");
		assertThat(other.bean(TaskLookup.class).find(task))
			.hasValueSatisfying((info) -> assertThat(info.done()).isEqualTo(2));
		assertThat(QueueKeys.unfinished(this.redis)).isEmpty();
	}

	@Test
	void tasksThatWereSignalledToWhoStandsStillAreTakenByOthers() {
		List<QueueNode> nodes = List.of(node("nocobase.cluster.queue.ownership=2s"),
				node("nocobase.cluster.queue.ownership=2s"));
		nodes.forEach(this::work);
		QueueNode publisher = node();
		publisher.queue().publish("work", -1);
		await().until(() -> this.runs.isDone(-1));
		network(nodes.get(0)).silence();

		publisher.queue().publish("work", 0, TaskOptions.DEFAULTS.withDelay(Duration.ofMillis(200)));
		for (int i = 1; i < 4; i++) {
			publisher.queue().publish("work", i);
			pass(Duration.ofMillis(50));
		}

		await().atMost(Duration.ofSeconds(6)).untilAsserted(() -> assertThat(this.runs.size()).isEqualTo(5));
		network(nodes.get(0)).resume();
	}

	@Test
	void serverThatRefusesIsAskedUntilItAnswers() {
		QueueNode node = node();
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		node.queue().subscribe("work", Integer.class, (number, context) -> {
			started.countDown();
			go.await();
			this.runs.ran(number, node, System.nanoTime());
		});
		node.queue().publish("work", 1);
		node.queue().publish("work", 2);
		await().until(() -> started.getCount() == 0);

		this.redis.command("CONFIG", "SET", "min-replicas-to-write", "1");
		go.countDown();
		await().until(() -> this.runs.isDone(1));
		pass(Duration.ofMillis(1200));
		assertThat(this.runs.isDone(2)).isFalse();
		this.redis.command("CONFIG", "SET", "min-replicas-to-write", "0");

		await().atMost(RECOVERY).until(() -> this.runs.isDone(2));
		await().atMost(RECOVERY).until(() -> QueueKeys.unfinished(this.redis).isEmpty());
	}

	/**
	 * What may happen to a server.
	 */
	enum Fault {

		RESTART_WITH_DATA {
			@Override
			void happen(RedisProcess redis, List<QueueNode> nodes) {
				redis.restart(true);
			}
		},

		KILL {
			@Override
			void happen(RedisProcess redis, List<QueueNode> nodes) {
				redis.kill();
				redis.startAgain();
			}
		},

		PAUSE {
			@Override
			void happen(RedisProcess redis, List<QueueNode> nodes) {
				redis.pause();
				pass(Duration.ofSeconds(5));
				redis.resume();
			}
		},

		CUT {
			@Override
			void happen(RedisProcess redis, List<QueueNode> nodes) {
				nodes.forEach((each) -> network(each).cut());
				pass(Duration.ofSeconds(1));
				nodes.forEach((each) -> network(each).restore());
			}
		},

		CUT_OF_ONE_BEYOND_ITS_OWNERSHIP {
			@Override
			void happen(RedisProcess redis, List<QueueNode> nodes) {
				network(nodes.get(1)).cut();
				pass(Duration.ofSeconds(3));
				network(nodes.get(1)).restore();
			}

			@Override
			List<QueueNode> hit(List<QueueNode> nodes) {
				return nodes.subList(1, 2);
			}
		},

		SCRIPT_FLUSH {
			@Override
			void happen(RedisProcess redis, List<QueueNode> nodes) {
				redis.command("SCRIPT", "FLUSH");
			}
		},

		CLIENT_KILL {
			@Override
			void happen(RedisProcess redis, List<QueueNode> nodes) {
				redis.command("CLIENT", "KILL", "TYPE", "normal");
				redis.command("CLIENT", "KILL", "TYPE", "pubsub");
			}
		};

		abstract void happen(RedisProcess redis, List<QueueNode> nodes);

		List<QueueNode> hit(List<QueueNode> nodes) {
			return nodes;
		}

	}

}
