package com.nocobase.cluster.tx;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.support.ManualTime;
import com.nocobase.cluster.support.SignalCounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

class AfterCommitTests {

	private final TestDatabase database = new TestDatabase();

	private final ManualTime time = new ManualTime();

	private final SignalCounts signals = new SignalCounts();

	private final Broker broker = new Broker();

	private final Transactions transactions = Transactions.detect();

	private final AfterCommit afterCommit = new AfterCommit("test", this.transactions,
			this.time.runtime(new TaskExecutorAdapter(new SyncTaskExecutor())), this.signals, 5);

	private final SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("test-");

	@Test
	void committedMessagesLeaveInOrder() {
		List<Receipt> receipts = new ArrayList<>();

		this.database.inTransaction((status) -> {
			receipts.add(publish("one"));
			receipts.add(publish("two"));
			assertThat(this.broker.sent).isEmpty();
			assertThat(receipts).extracting(Receipt::state).containsOnly(SendState.PENDING);
		});

		assertThat(this.broker.sent).containsExactly("one", "two");
		assertThat(receipts).extracting(Receipt::state).containsOnly(SendState.SENT);
	}

	@Test
	void rolledBackMessagesNeverLeave() {
		List<Receipt> receipts = new ArrayList<>();

		this.database.inTransaction((status) -> {
			receipts.add(publish("one"));
			status.setRollbackOnly();
		});
		assertThatIllegalStateException().isThrownBy(() -> this.database.inTransaction((status) -> {
			receipts.add(publish("two"));
			throw new IllegalStateException("expected by the test");
		}));

		assertThat(this.broker.sent).isEmpty();
		assertThat(receipts).extracting(Receipt::state).containsOnly(SendState.NOT_SENT);
	}

	@Test
	void innerRollbackOnlyTakesTheOuterMessagesAlong() {
		List<Receipt> receipts = new ArrayList<>();

		assertThatExceptionOfType(UnexpectedRollbackException.class)
			.isThrownBy(() -> this.database.inTransaction((outer) -> {
				receipts.add(publish("outer"));
				this.database.inTransaction((inner) -> {
					receipts.add(publish("inner"));
					inner.setRollbackOnly();
				});
				receipts.add(publish("after"));
			}));

		assertThat(this.broker.sent).isEmpty();
		assertThat(receipts).extracting(Receipt::state).containsOnly(SendState.NOT_SENT);
	}

	@Test
	void savepointRollbackTakesOutWhatCameAfterIt() {
		List<Receipt> receipts = new ArrayList<>();

		this.database.inTransaction((outer) -> {
			receipts.add(publish("before"));
			this.database.inTransaction(TransactionDefinition.PROPAGATION_NESTED, (nested) -> {
				receipts.add(publish("nested"));
				this.database.inTransaction(TransactionDefinition.PROPAGATION_NESTED,
						(deeper) -> receipts.add(publish("deeper")));
				nested.setRollbackOnly();
			});
			assertThat(receipts.get(1).state()).isEqualTo(SendState.NOT_SENT);
			this.database.inTransaction(TransactionDefinition.PROPAGATION_NESTED,
					(nested) -> receipts.add(publish("kept")));
			receipts.add(publish("after"));
		});

		assertThat(this.broker.sent).containsExactly("before", "kept", "after");
		assertThat(receipts).extracting(Receipt::state)
			.containsExactly(SendState.SENT, SendState.NOT_SENT, SendState.NOT_SENT, SendState.SENT, SendState.SENT);
	}

	@Test
	void savepointMadeBeforeTheFirstMessageTakesOutAll() {
		this.database.inTransaction((outer) -> {
			Object savepoint = outer.createSavepoint();
			publish("one");
			outer.rollbackToSavepoint(savepoint);
			publish("two");
			Object second = outer.createSavepoint();
			publish("three");
			outer.rollbackToSavepoint(second);
			publish("four");
		});

		assertThat(this.broker.sent).containsExactly("two", "four");
	}

	@Test
	void requiresNewHasItsOwnEnd() {
		this.database.inTransaction((outer) -> {
			publish("outer");
			this.database.inTransaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW, (inner) -> publish("inner"));
			assertThat(this.broker.sent).containsExactly("inner");
			this.database.inTransaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW, (inner) -> {
				publish("inner rolled back");
				inner.setRollbackOnly();
			});
			publish("outer too");
		});

		assertThat(this.broker.sent).containsExactly("inner", "outer", "outer too");
	}

	@Test
	void suspendedTransactionDoesNotHoldBack() {
		this.database.inTransaction((outer) -> {
			publish("outer");
			this.database.inTransaction(TransactionDefinition.PROPAGATION_NOT_SUPPORTED, (none) -> publish("at once"));
			assertThat(this.broker.sent).containsExactly("at once");
			outer.setRollbackOnly();
		});

		assertThat(this.broker.sent).containsExactly("at once");
	}

	@Test
	void readOnlyTransactionIsATransaction() {
		TransactionTemplate template = this.database.template(TransactionDefinition.PROPAGATION_REQUIRED);
		template.setReadOnly(true);

		template.executeWithoutResult((status) -> {
			assertThat(this.transactions.isReadOnly()).isTrue();
			publish("one");
			assertThat(this.broker.sent).isEmpty();
		});

		assertThat(this.broker.sent).containsExactly("one");
		assertThat(this.transactions.isReadOnly()).isFalse();
	}

	@Test
	void synchronizationWithoutTransactionDoesNotHoldBack() {
		this.database.inTransaction(TransactionDefinition.PROPAGATION_SUPPORTS, (status) -> {
			publish("one");
			assertThat(this.broker.sent).containsExactly("one");
		});
	}

	@Test
	void messageOfAnAfterCommitCallbackIsSent() {
		this.database.inTransaction(
				(status) -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCommit() {
						publish("after commit");
					}

					@Override
					public void afterCompletion(int completed) {
						publish("after completion");
					}

				}));

		assertThat(this.broker.sent).containsExactlyInAnyOrder("after commit", "after completion");
	}

	@Test
	void messageOfAnAfterCommitCallbackComesAfterThoseOfTheTransaction() {
		this.database.inTransaction((status) -> {
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					publish("after commit");
				}

			});
			publish("inside");
		});

		assertThat(this.broker.sent).containsExactly("inside", "after commit");
	}

	@Test
	void commitThatNobodyKnowsOfSendsNothingAndIsCounted() {
		List<Receipt> receipts = new ArrayList<>();
		TransactionTemplate template = new TransactionTemplate(new LosingManager(this.database));

		assertThatExceptionOfType(TransactionSystemException.class)
			.isThrownBy(() -> template.executeWithoutResult((status) -> receipts.add(publish("one"))));

		assertThat(this.broker.sent).isEmpty();
		assertThat(receipts).extracting(Receipt::state).containsExactly(SendState.FAILED);
		assertThat(this.signals.of("test.unsent")).isEqualTo(1);
	}

	@Test
	void waitingInsideTheTransactionIsRefused() {
		this.database.inTransaction((outer) -> {
			Receipt receipt = publish("one");
			assertThatIllegalStateException().isThrownBy(() -> receipt.await(Duration.ofSeconds(1)));
			this.database.inTransaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW,
					(inner) -> assertThatIllegalStateException()
						.isThrownBy(() -> receipt.await(Duration.ofSeconds(1))));
			this.database.inTransaction(TransactionDefinition.PROPAGATION_NOT_SUPPORTED,
					(none) -> assertThatIllegalStateException().isThrownBy(() -> receipt.await(Duration.ofSeconds(1))));
			assertThat(CompletableFuture.supplyAsync(() -> receipt.await(Duration.ofMillis(1))).join())
				.isEqualTo(SendState.PENDING);
		});
	}

	@Test
	void failureAfterTheCommitIsNoFailedTransactionAndIsSentAgainInOrder() {
		List<Receipt> receipts = new ArrayList<>();
		this.broker.failure = new IllegalStateException("broker away");
		this.database.inTransaction((status) -> {
			this.database.jdbc().update("insert into item values ('a')");
			receipts.add(publish("one"));
			receipts.add(publish("two"));
		});
		this.database.inTransaction((status) -> receipts.add(publish("three")));
		assertThat(this.afterCommit.waiting()).isEqualTo(3);
		assertThat(this.database.jdbc().queryForObject("select count(*) from item", Integer.class)).isEqualTo(1);
		assertThatIllegalStateException().isThrownBy(() -> publish("not before the others"));
		this.time.advance(Duration.ofSeconds(2));
		assertThat(this.afterCommit.waiting()).isEqualTo(3);

		this.broker.failure = null;
		this.time.advance(Duration.ofSeconds(5));

		assertThat(this.broker.sent).containsExactly("one", "two", "three");
		assertThat(receipts).extracting(Receipt::state).containsOnly(SendState.SENT);
		assertThat(this.afterCommit.waiting()).isZero();
	}

	@Test
	void errorOfOneSendDoesNotForgetTheOthers() {
		this.broker.error = new NoClassDefFoundError("expected by the test");
		this.database.inTransaction((status) -> {
			publish("one");
			publish("two");
		});
		this.broker.error = null;

		this.time.advance(Duration.ofSeconds(5));

		assertThat(this.broker.sent).containsExactly("one", "two");
	}

	@Test
	void plainMessageWaitsForNobodyButGoesAfterWhatIsBuffered() {
		this.broker.failure = new IllegalStateException("broker away");
		this.database.inTransaction((status) -> publish("one"));
		this.broker.failure = null;

		publish("two");

		assertThat(this.broker.sent).containsExactly("one", "two");
	}

	@Test
	void fullBufferFailsTheRestVisibly() {
		List<Receipt> receipts = new ArrayList<>();
		this.broker.failure = new IllegalStateException("broker away");

		this.database.inTransaction((status) -> {
			for (int i = 0; i < 7; i++) {
				receipts.add(publish("m" + i));
			}
		});

		assertThat(this.afterCommit.waiting()).isEqualTo(5);
		assertThat(receipts.subList(0, 5)).extracting(Receipt::state).containsOnly(SendState.PENDING);
		assertThat(receipts.subList(5, 7)).extracting(Receipt::state).containsOnly(SendState.FAILED);
		assertThat(receipts.get(5).failure()).hasMessage("broker away");
		assertThat(this.signals.of("test.unsent")).isEqualTo(2);
	}

	@Test
	void closingFailsWhatCannotBeSentAndOpensAgain() {
		this.broker.failure = new IllegalStateException("broker away");
		List<Receipt> receipts = new ArrayList<>();
		this.database.inTransaction((status) -> receipts.add(publish("one")));

		this.afterCommit.close();
		assertThat(receipts.get(0).state()).isEqualTo(SendState.FAILED);
		assertThat(this.afterCommit.waiting()).isZero();
		this.database.inTransaction((status) -> receipts.add(publish("two")));
		assertThat(this.afterCommit.waiting()).isZero();
		this.afterCommit.open();
		this.database.inTransaction((status) -> receipts.add(publish("three")));
		this.broker.failure = null;
		this.time.advance(Duration.ofSeconds(5));

		assertThat(this.broker.sent).containsExactly("three");
	}

	@Test
	void closingWaitsForTheMessageThatIsBeingSentAgainAndSendsTheRest() throws Exception {
		AfterCommit sender = sender();
		List<Receipt> receipts = bufferTwo(sender);
		CountDownLatch goOn = sendAgain();
		Thread closer = new Thread(sender::close);

		closer.start();
		await().until(() -> closer.getState() == Thread.State.TIMED_WAITING);
		goOn.countDown();
		closer.join(10_000);

		assertThat(this.broker.sent).containsExactly("one", "two");
		assertThat(receipts).extracting(Receipt::state).containsOnly(SendState.SENT);
		assertThat(this.signals.of("test.unsent")).isZero();
		assertThat(this.time.armed()).isZero();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void closingFailsWhatIsStillBeingSentAgainAndWhatIsBehindIt(boolean taken) throws Exception {
		AfterCommit sender = sender();
		List<Receipt> receipts = bufferTwo(sender);
		CountDownLatch goOn = sendAgain();

		sender.close();
		assertThat(receipts).extracting(Receipt::state).containsOnly(SendState.FAILED);
		assertThat(this.signals.of("test.unsent")).isEqualTo(2);
		this.broker.failure = taken ? null : new IllegalStateException("broker away");
		goOn.countDown();

		this.executor.close();
		assertThat(this.broker.sent).isEqualTo(taken ? List.of("one") : List.of());
		assertThat(receipts).extracting(Receipt::state).containsOnly(SendState.FAILED);
		assertThat(this.time.armed()).isZero();
	}

	private AfterCommit sender() {
		this.executor.setTaskTerminationTimeout(10_000);
		return new AfterCommit("test", this.transactions, this.time.runtime(this.executor), this.signals, 5);
	}

	private List<Receipt> bufferTwo(AfterCommit sender) {
		List<Receipt> receipts = new ArrayList<>();
		this.broker.failure = new IllegalStateException("broker away");
		this.database.inTransaction((status) -> {
			receipts.add(publish(sender, "one"));
			receipts.add(publish(sender, "two"));
		});
		assertThat(sender.waiting()).isEqualTo(2);
		this.broker.failure = null;
		return receipts;
	}

	private CountDownLatch sendAgain() throws InterruptedException {
		CountDownLatch goOn = new CountDownLatch(1);
		this.broker.hold = goOn;
		this.time.advance(Duration.ofMillis(100));
		await().untilAsserted(() -> assertThat(this.broker.attempts).hasValue(2));
		return goOn;
	}

	private Receipt publish(String text) {
		return publish(this.afterCommit, text);
	}

	private Receipt publish(AfterCommit sender, String text) {
		TestSend send = new TestSend(text, this.broker, new Receipt());
		if (sender.isDeferred()) {
			send.receipt.deferredTo(sender.defer(send));
		}
		else {
			sender.sendNow(send);
		}
		return send.receipt;
	}

	private record TestSend(String text, Broker broker, Receipt receipt) implements Send {

		@Override
		public void send() {
			this.broker.send(this.text);
		}

		@Override
		public void settled(SendState state, @Nullable Throwable failure) {
			this.receipt.settle(state, failure);
		}

	}

	private static final class Broker {

		private final List<String> sent = new CopyOnWriteArrayList<>();

		private volatile @Nullable RuntimeException failure;

		private volatile @Nullable Error error;

		private final AtomicInteger attempts = new AtomicInteger();

		private volatile @Nullable CountDownLatch hold;

		void send(String text) {
			this.attempts.incrementAndGet();
			awaitHold();
			RuntimeException thrown = this.failure;
			if (thrown != null) {
				throw thrown;
			}
			Error thrownError = this.error;
			if (thrownError != null) {
				throw thrownError;
			}
			this.sent.add(text);
		}

		private void awaitHold() {
			CountDownLatch held = this.hold;
			try {
				if (held != null && !held.await(10, TimeUnit.SECONDS)) {
					throw new IllegalStateException("Nobody let it go on");
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

	/**
	 * Loses the database during the commit.
	 */
	private static final class LosingManager extends DataSourceTransactionManager {

		private static final long serialVersionUID = 1L;

		LosingManager(TestDatabase database) {
			setDataSource(database.manager().getDataSource());
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
			throw new TransactionSystemException("expected by the test");
		}

	}

}
