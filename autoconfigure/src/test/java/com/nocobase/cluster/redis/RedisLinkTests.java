package com.nocobase.cluster.redis;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.task.support.TaskExecutorAdapter;

import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.ManualTime;

import static org.assertj.core.api.Assertions.assertThat;

class RedisLinkTests {

	private static final Duration SILENCE = Duration.ofSeconds(3);

	private final ManualTime time = new ManualTime();

	private final AtomicInteger signs = new AtomicInteger();

	private final AtomicInteger restarts = new AtomicInteger();

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final ClusterRuntime runtime = this.time.runtime(new TaskExecutorAdapter(this.tasks::add));

	private final List<String> events = new CopyOnWriteArrayList<>();

	private final RedisLink link = new RedisLink("test", this.runtime, SILENCE, this.signs::incrementAndGet,
			this.restarts::incrementAndGet);

	@BeforeEach
	void start() {
		this.link.listen(new RedisLinkListener() {

			@Override
			public void lost() {
				RedisLinkTests.this.events.add("lost");
			}

			@Override
			public void restored() {
				RedisLinkTests.this.events.add("restored");
			}

		});
		this.link.confirmed();
		this.link.start();
	}

	private List<String> events() {
		runTasks();
		return this.events;
	}

	private void runTasks() {
		for (Runnable task = this.tasks.poll(); task != null; task = this.tasks.poll()) {
			task.run();
		}
	}

	private void hear() {
		this.link.heard(RedisLink.sign(this.time.runtime().nanoTime()));
	}

	private void hearEachSecond(int seconds) {
		for (int i = 0; i < seconds; i++) {
			this.time.advance(Duration.ofSeconds(1));
			this.link.sent();
			hear();
		}
	}

	@Test
	void linkThatIsHeardIsNotLost() {
		hearEachSecond(20);

		assertThat(this.link.isLost()).isFalse();
		assertThat(events()).isEmpty();
		runTasks();
		assertThat(this.restarts).hasValue(0);
		assertThat(this.time.armed()).isOne();
	}

	@Test
	void silentLinkIsLostAndRestoredByTheNextSign() {
		hearEachSecond(2);

		this.time.advance(SILENCE.minusMillis(1));
		assertThat(this.link.isLost()).isFalse();
		this.time.advance(Duration.ofMillis(1));
		assertThat(this.link.isLost()).isTrue();
		this.time.advance(Duration.ofMinutes(1));
		assertThat(events()).containsExactly("lost");

		hear();
		assertThat(this.link.isLost()).isFalse();
		assertThat(events()).containsExactly("lost", "restored");
		this.time.advance(SILENCE);
		assertThat(events()).containsExactly("lost", "restored", "lost");
	}

	@Test
	void subscriptionThatIsConfirmedAgainWasLostAndIsProvenByASign() {
		this.link.confirmed();

		assertThat(events()).containsExactly("lost");
		runTasks();
		assertThat(this.signs).hasValue(1);
		this.link.confirmed();
		assertThat(events()).containsExactly("lost");
		runTasks();
		assertThat(this.signs).hasValue(2);
		hear();
		assertThat(events()).containsExactly("lost", "restored");
	}

	@Test
	void connectionIsTakenAnewOnlyIfHeartbeatsSucceedInVain() {
		this.time.advance(Duration.ofSeconds(30));
		runTasks();
		assertThat(this.restarts).hasValue(0);

		this.link.sent();
		this.time.advance(SILENCE.plusSeconds(1));
		runTasks();
		assertThat(this.restarts).hasValue(1);
		this.link.sent();
		this.time.advance(SILENCE.plusSeconds(1));
		runTasks();
		assertThat(this.restarts).hasValue(2);
		this.link.confirmed();
		hear();
		hearEachSecond(20);
		runTasks();
		assertThat(this.restarts).hasValue(2);
		assertThat(events()).containsExactly("lost", "restored");
	}

	@Test
	void stoppedLinkTellsNothing() {
		this.link.stop();
		this.time.advance(Duration.ofMinutes(1));
		hear();
		this.link.sent();
		this.link.confirmed();

		assertThat(this.link.isLost()).isFalse();
		assertThat(events()).isEmpty();
		runTasks();
		assertThat(this.signs).hasValue(0);
		assertThat(this.time.armed()).isZero();
	}

	@Test
	void startAfterAStopBeginsAnew() {
		this.time.advance(SILENCE);
		this.link.stop();
		this.link.confirmed();
		this.link.start();

		assertThat(this.link.isLost()).isFalse();
		hearEachSecond(5);
		assertThat(events()).containsExactly("lost");
	}

	@Test
	void listenerThatThrowsHarmsNoOther() {
		RedisLink shaken = new RedisLink("test", this.runtime, SILENCE, () -> {
		}, () -> {
		});
		AtomicInteger told = new AtomicInteger();
		shaken.listen(new RedisLinkListener() {

			@Override
			public void lost() {
				throw new IllegalStateException("expected by the test");
			}

			@Override
			public void restored() {
			}

		});
		shaken.listen(new RedisLinkListener() {

			@Override
			public void lost() {
				told.incrementAndGet();
			}

			@Override
			public void restored() {
			}

		});
		shaken.start();

		this.time.advance(SILENCE);

		runTasks();
		assertThat(told).hasValue(1);
	}

}
