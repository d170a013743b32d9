package com.nocobase.cluster.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MailboxTests {

	private static final Duration LONG = Duration.ofSeconds(10);

	private final ManualTime time = new ManualTime();

	private final ClusterRuntime runtime = this.time.runtime();

	private final List<Integer> handled = new CopyOnWriteArrayList<>();

	@Test
	void itemsGatherUntilItIsOpened() {
		Mailbox<Integer> mailbox = new Mailbox<>(this.runtime, 10, this.handled::add);
		mailbox.offer(1);
		mailbox.offer(2);
		assertThat(mailbox.size()).isEqualTo(2);

		mailbox.open();
		mailbox.open();

		TestCluster.eventually(() -> assertThat(this.handled).containsExactly(1, 2));
	}

	@Test
	void fullMailboxRefuses() {
		Mailbox<Integer> mailbox = new Mailbox<>(this.runtime, 2, this.handled::add);

		assertThat(mailbox.offer(1)).isTrue();
		assertThat(mailbox.offer(2)).isTrue();
		assertThat(mailbox.offer(3)).isFalse();
	}

	@Test
	void manyThreadsOneHandlerAtATimeAndEachInOrder() {
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		Mailbox<Integer> mailbox = new Mailbox<>(this.runtime, 100_000, (item) -> {
			most.accumulateAndGet(inside.incrementAndGet(), Math::max);
			this.handled.add(item);
			inside.decrementAndGet();
		});
		mailbox.open();

		List<CompletableFuture<Void>> senders = new ArrayList<>();
		for (int sender = 0; sender < 4; sender++) {
			int first = sender * 1_000;
			senders.add(CompletableFuture
				.runAsync(() -> IntStream.range(first, first + 1_000).forEach((item) -> mailbox.offer(item))));
		}
		senders.forEach(CompletableFuture::join);

		TestCluster.eventually(() -> assertThat(this.handled).hasSize(4_000));
		assertThat(most).hasValue(1);
		assertThat(this.handled.stream().filter((item) -> item < 1_000)).isSorted();
	}

	@Test
	void handlerThatThrowsDoesNotStopTheNext() {
		Mailbox<Integer> mailbox = new Mailbox<>(this.runtime, 10, (item) -> {
			this.handled.add(item);
			throw new AssertionError("expected by the test");
		});
		mailbox.open();

		mailbox.offer(1);
		mailbox.offer(2);

		TestCluster.eventually(() -> assertThat(this.handled).containsExactly(1, 2));
	}

	@Test
	void replacingDropsAllThatTheHandlerDoesNotHave() throws InterruptedException {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		Mailbox<Integer> mailbox = new Mailbox<>(this.runtime, 100, (item) -> {
			begun.countDown();
			awaitOrStop(goOn);
			this.handled.add(item);
		});
		IntStream.range(0, 50).forEach(mailbox::offer);
		mailbox.open();
		assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

		int dropped = mailbox.replaceAll(99);
		goOn.countDown();

		assertThat(dropped).isEqualTo(49);
		TestCluster.eventually(() -> assertThat(this.handled).containsExactly(0, 99));
	}

	@Test
	void closingWaitsForTheHandlerButNoLongerThanAsked() throws InterruptedException {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		Mailbox<Integer> mailbox = new Mailbox<>(this.runtime, 10, (item) -> {
			begun.countDown();
			awaitOrStop(goOn);
			this.handled.add(item);
		});
		mailbox.open();
		mailbox.offer(1);
		mailbox.offer(2);
		assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

		assertThat(mailbox.close(Duration.ofMillis(20))).isFalse();
		goOn.countDown();

		assertThat(mailbox.close(LONG)).isTrue();
		assertThat(this.handled).containsExactly(1);
		assertThat(mailbox.offer(3)).isFalse();
	}

	@Test
	void handlerMayCloseItsOwnMailbox() {
		AtomicReference<Mailbox<Integer>> self = new AtomicReference<>();
		AtomicBoolean closed = new AtomicBoolean();
		Mailbox<Integer> mailbox = new Mailbox<>(this.runtime, 10, (item) -> closed.set(self.get().close(LONG)));
		self.set(mailbox);
		mailbox.open();

		mailbox.offer(1);

		TestCluster.eventually(() -> assertThat(closed).isTrue());
	}

	@Test
	void pausedMailboxForgetsAndCanBeOpenedAgain() {
		Mailbox<Integer> mailbox = new Mailbox<>(this.runtime, 10, this.handled::add);
		mailbox.offer(1);
		assertThat(mailbox.pause(LONG)).isTrue();
		mailbox.offer(2);

		mailbox.open();

		TestCluster.eventually(() -> assertThat(this.handled).containsExactly(2));
	}

	@Test
	void handlerThatOutlivesAPauseStillRunsAlone() throws InterruptedException {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		Mailbox<Integer> mailbox = new Mailbox<>(this.runtime, 10, (item) -> {
			begun.countDown();
			awaitOrStop(goOn);
			this.handled.add(item);
		});
		mailbox.open();
		mailbox.offer(1);
		assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(mailbox.pause(Duration.ZERO)).isFalse();

		mailbox.offer(2);
		mailbox.open();
		assertThat(this.handled).isEmpty();
		goOn.countDown();

		TestCluster.eventually(() -> assertThat(this.handled).containsExactly(1, 2));
	}

	@Test
	void handlerThatHangsCanBeInterrupted() throws InterruptedException {
		CountDownLatch begun = new CountDownLatch(1);
		Mailbox<Integer> mailbox = new Mailbox<>(this.runtime, 10, (item) -> {
			begun.countDown();
			awaitOrStop(new CountDownLatch(1));
		});
		mailbox.open();
		mailbox.interrupt();
		mailbox.offer(1);
		assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

		mailbox.interrupt();

		assertThat(mailbox.close(LONG)).isTrue();
	}

	@Test
	void itemsWaitWhileTheExecutorRefusesAndAreHandledInOrderWhenItDoesNot() {
		RefusingExecutor executor = new RefusingExecutor();
		Mailbox<Integer> mailbox = new Mailbox<>(this.time.runtime(executor), 10, this.handled::add);
		mailbox.open();
		executor.refuse(true);

		assertThat(mailbox.offer(1)).isTrue();
		assertThat(mailbox.offer(2)).isTrue();
		this.time.advance(Duration.ofSeconds(3));
		assertThat(this.handled).isEmpty();
		assertThat(executor.refused()).isEqualTo(4);
		executor.refuse(false);
		this.time.advance(Duration.ofSeconds(1));

		TestCluster.eventually(() -> assertThat(this.handled).containsExactly(1, 2));
		assertThat(this.time.armed()).isZero();
	}

	@Test
	void mailboxWithoutThreadClosesAtOnceAndStaysClosed() {
		RefusingExecutor executor = new RefusingExecutor();
		Mailbox<Integer> mailbox = new Mailbox<>(this.time.runtime(executor), 10, this.handled::add);
		mailbox.open();
		executor.refuse(true);
		mailbox.offer(1);

		assertThat(mailbox.close(Duration.ZERO)).isTrue();
		executor.refuse(false);
		this.time.advance(Duration.ofSeconds(5));

		assertThat(mailbox.offer(2)).isFalse();
		assertThat(this.handled).isEmpty();
	}

	@Test
	void restEndsBeforeTheMailboxIsFull() {
		Mailbox<Integer> mailbox = resting(10);

		IntStream.range(0, 5).forEach((item) -> assertThat(mailbox.offer(item)).isTrue());

		TestCluster.eventually(() -> assertThat(this.handled).containsExactly(0, 1, 2, 3, 4));
	}

	@Test
	void itemWaitsForTheEndOfARest() {
		Mailbox<Integer> mailbox = resting(10);

		mailbox.offer(1);

		assertThat(this.handled).isEmpty();
		assertThat(mailbox.size()).isEqualTo(1);
	}

	@Test
	void nobodyWaitsForAMailboxThatRests() {
		Mailbox<Integer> mailbox = resting(10);
		mailbox.offer(1);

		mailbox.interrupt();
		assertThat(mailbox.pause(Duration.ZERO)).isTrue();
		assertThat(mailbox.close(Duration.ZERO)).isTrue();

		assertThat(mailbox.offer(2)).isFalse();
		assertThat(this.handled).isEmpty();
	}

	/** A mailbox in a rest of a minute, after a dense flow. */
	private Mailbox<Integer> resting(int capacity) {
		AtomicReference<@Nullable Thread> drainer = new AtomicReference<>();
		Mailbox<Integer> mailbox = new Mailbox<>(this.runtime, capacity, (item) -> {
			drainer.set(Thread.currentThread());
			this.handled.add(item);
		}, Duration.ofMinutes(1));
		mailbox.open();
		for (int item = 0; item < 9; item++) {
			mailbox.offer(item);
			TestCluster.eventually(() -> assertThat(drainer.get()).isNotNull()
				.extracting(Thread::getState)
				.isIn(Thread.State.TERMINATED, Thread.State.TIMED_WAITING));
			drainer.set(null);
		}
		this.handled.clear();
		return mailbox;
	}

	private static void awaitOrStop(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
