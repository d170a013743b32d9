package com.nocobase.cluster.support;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One handler, in order, bounded.
 */
class MailboxTests {

	private final TestRuntime threads = new TestRuntime();

	private final ClusterRuntime runtime = this.threads.runtime();

	private final List<Integer> handled = new CopyOnWriteArrayList<>();

	@AfterEach
	void stop() {
		this.threads.close();
	}

	@Test
	void itemsGatherUntilItOpensAndAreHandledInOrder() {
		Mailbox<Integer> mailbox = new Mailbox<>(this.runtime.executor(), 100, this.handled::add);
		IntStream.range(0, 50).forEach(mailbox::offer);
		assertThat(mailbox.size()).isEqualTo(50);
		assertThat(this.handled).isEmpty();
		mailbox.open();
		IntStream.range(50, 60).forEach(mailbox::offer);
		await().untilAsserted(
				() -> assertThat(this.handled).containsExactlyElementsOf(IntStream.range(0, 60).boxed().toList()));
	}

	@Test
	void itemsOfManyThreadsAreHandledOneAtATimeAndNoneIsLost() throws Exception {
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		AtomicInteger count = new AtomicInteger();
		Mailbox<Integer> mailbox = new Mailbox<>(this.runtime.executor(), 100_000, (item) -> {
			most.accumulateAndGet(inside.incrementAndGet(), Math::max);
			count.incrementAndGet();
			inside.decrementAndGet();
		});
		mailbox.open();
		CyclicBarrier start = new CyclicBarrier(4);
		List<Future<Boolean>> senders = IntStream.range(0, 4)
			.mapToObj((sender) -> this.runtime.executor().submit(() -> {
				start.await(10, TimeUnit.SECONDS);
				return IntStream.range(0, 5_000).allMatch(mailbox::offer);
			}))
			.toList();
		for (Future<Boolean> sender : senders) {
			assertThat(sender.get(10, TimeUnit.SECONDS)).isTrue();
		}
		await().untilAsserted(() -> assertThat(count).hasValue(20_000));
		assertThat(most).hasValue(1);
	}

	@Test
	void fullMailboxSaysSo() {
		Mailbox<Integer> mailbox = new Mailbox<>(this.runtime.executor(), 2, this.handled::add);
		assertThat(mailbox.offer(1)).isTrue();
		assertThat(mailbox.offer(2)).isTrue();
		assertThat(mailbox.offer(3)).isFalse();
		assertThat(mailbox.replaceAll(4)).isEqualTo(2);
		mailbox.open();
		await().untilAsserted(() -> assertThat(this.handled).containsExactly(4));
	}

	@Test
	void handlerThatThrowsStopsNothing() {
		Mailbox<Integer> mailbox = new Mailbox<>(this.runtime.executor(), 10, (item) -> {
			this.handled.add(item);
			throw new AssertionError("thrown on purpose");
		});
		mailbox.open();
		mailbox.offer(1);
		mailbox.offer(2);
		await().untilAsserted(() -> assertThat(this.handled).containsExactly(1, 2));
	}

	@Test
	void closingWaitsForTheHandlerNoLongerThanAskedAndDropsTheRest() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		Mailbox<Integer> mailbox = new Mailbox<>(this.runtime.executor(), 10, (item) -> {
			begun.countDown();
			awaitQuietly(release);
			this.handled.add(item);
		});
		mailbox.open();
		mailbox.offer(1);
		mailbox.offer(2);
		assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(mailbox.close(Duration.ofMillis(50))).isFalse();
		assertThat(mailbox.offer(3)).isFalse();
		release.countDown();
		assertThat(mailbox.close(Duration.ofSeconds(10))).isTrue();
		assertThat(this.handled).containsExactly(1);
	}

	@Test
	void handlerMayCloseItsOwnMailbox() {
		CopyOnWriteArrayList<Boolean> closed = new CopyOnWriteArrayList<>();
		CopyOnWriteArrayList<Mailbox<Integer>> self = new CopyOnWriteArrayList<>();
		Mailbox<Integer> mailbox = new Mailbox<>(this.runtime.executor(), 10,
				(item) -> closed.add(self.get(0).close(Duration.ofSeconds(10))));
		self.add(mailbox);
		mailbox.open();
		mailbox.offer(1);
		mailbox.offer(2);
		await().untilAsserted(() -> assertThat(closed).containsExactly(true));
	}

	@Test
	void pausedMailboxGoesOnWhenItOpensAgain() {
		Mailbox<Integer> mailbox = new Mailbox<>(this.runtime.executor(), 10, this.handled::add);
		mailbox.open();
		assertThat(mailbox.pause(Duration.ofSeconds(10))).isTrue();
		mailbox.offer(1);
		assertThat(this.handled).isEmpty();
		mailbox.open();
		await().untilAsserted(() -> assertThat(this.handled).containsExactly(1));
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
