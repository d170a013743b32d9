package com.nocobase.cluster.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import com.nocobase.cluster.message.PayloadException;
import com.nocobase.cluster.support.Capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What a cache promises on every store inside Spring transactions.
 */
public abstract class CacheTransactionContract extends CacheFixture {

	private final EmbeddedDatabase database = new EmbeddedDatabaseBuilder().setType(EmbeddedDatabaseType.H2)
		.generateUniqueName(true)
		.build();

	@Test
	void writesTakeEffectAfterTheCommitInOrder() {
		ClusterCache<String> cache = cache(String.class);
		cache.set("deleted", "before");

		transaction().executeWithoutResult((status) -> {
			cache.set("a", "1");
			cache.set("a", "2");
			cache.mset(Map.of("b", "1"), LONG);
			cache.set("c", "1");
			cache.mdel(List.of("c", "deleted"));
			cache.setValueInObject("o", "f", 1);
			assertThat(outside(() -> cache.keys("*"))).containsExactly("deleted");
		});

		assertThat(cache.keys("*")).containsExactlyInAnyOrder("a", "b", "o");
		assertThat(cache.get("a")).isEqualTo("2");
		assertThat(cache.ttl("b")).isPresent();
		assertThat(cache.getValueInObject("o", "f", Integer.class)).isEqualTo(1);
	}

	@Test
	void nothingTakesEffectAfterARollback() {
		ClusterCache<String> cache = cache(String.class);
		cache.set("k", "before");

		transaction().executeWithoutResult((status) -> {
			cache.set("k", "after");
			cache.set("l", "after");
			cache.reset();
			cache.wrap("m", () -> "loaded");
			status.setRollbackOnly();
		});

		assertThat(cache.get("k")).isEqualTo("before");
		assertThat(cache.keys("*")).containsExactly("k");
		assertThat(cache.wrap("m", () -> "again")).isEqualTo("again");
	}

	@Test
	void rollbackToASavepointDropsWhatCameAfterIt() {
		ClusterCache<String> cache = cache(String.class);
		cache.set("outer", "before");
		cache.set("inner", "before");
		TransactionTemplate nested = transaction();
		nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);

		transaction().executeWithoutResult((status) -> {
			nested.executeWithoutResult((inner) -> {
				cache.set("first", "lost");
				inner.setRollbackOnly();
			});
			cache.set("outer", "after");
			nested.executeWithoutResult((inner) -> {
				cache.set("inner", "lost");
				cache.wrap("loaded", () -> "lost");
				assertThat(cache.get("inner")).isNull();
				inner.setRollbackOnly();
			});
			assertThat(cache.get("inner")).isEqualTo("before");
			assertThat(cache.get("outer")).isNull();
			nested.executeWithoutResult((inner) -> cache.set("kept", "v"));
		});

		assertThat(cache.get("outer")).isEqualTo("after");
		assertThat(cache.get("inner")).isEqualTo("before");
		assertThat(cache.keys("*")).containsExactlyInAnyOrder("outer", "inner", "kept");
	}

	@Test
	void innerTransactionIsItsOwn() {
		ClusterCache<String> cache = cache(String.class);
		TransactionTemplate own = transaction();
		own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

		transaction().executeWithoutResult((status) -> {
			cache.set("outer", "v");
			own.executeWithoutResult((inner) -> cache.set("inner", "v"));
			assertThat(cache.get("inner")).isEqualTo("v");
			status.setRollbackOnly();
		});

		assertThat(cache.keys("*")).containsExactly("inner");
	}

	@Test
	void writtenKeysAreReadPastTheCache() {
		ClusterCache<Object> cache = cache(Object.class);
		cache.mset(Map.of("k", "before", "clean", "before"), LONG);
		cache.setValueInObject("o", "f", 1);
		AtomicInteger loads = new AtomicInteger();

		transaction().executeWithoutResult((status) -> {
			cache.del("k");
			cache.setValueInObject("o", "f", 2);
			assertThat(cache.get("k")).isNull();
			assertThat(cache.lookup("k")).isNull();
			assertThat(cache.ttl("k")).isEmpty();
			assertThat(cache.getValueInObject("o", "f", Integer.class)).isNull();
			assertThat(cache.mget(List.of("k", "clean"))).containsOnlyKeys("clean");
			assertThat(cache.keys("*")).containsExactly("clean");
			assertThat(cache.wrap("k", () -> "own" + loads.incrementAndGet())).isEqualTo("own1");
			assertThat(cache.get("clean")).isEqualTo("before");
			cache.reset();
			assertThat(cache.get("clean")).isNull();
			assertThat(outside(() -> cache.get("k"))).isEqualTo("before");
			cache.wrap("k", () -> "own" + loads.incrementAndGet());
		});

		assertThat(cache.keys("*")).containsExactly("k");
		assertThat(cache.get("k")).isEqualTo("own2");
	}

	@Test
	void loadOfATransactionIsNotSharedAndStoredAfterItsCommit() {
		ClusterCache<String> cache = cache(String.class);

		transaction().executeWithoutResult((status) -> {
			assertThat(cache.wrap("k",
					() -> outside(() -> cache.wrapWithCondition("k", () -> "committed", true, (value) -> false, null))
							+ "+mine"))
				.isEqualTo("committed+mine");
			assertThat(outside(() -> cache.get("k"))).isNull();
			assertThatIllegalStateException().isThrownBy(() -> cache.wrap("l", () -> cache.wrap("l", () -> "v")));
		});

		assertThat(cache.get("k")).isEqualTo("committed+mine");
	}

	@Test
	void loadOfATransactionIsNotStoredOverALaterWriteOfOthers() {
		ClusterCache<String> cache = cache(String.class);

		transaction().executeWithoutResult((status) -> {
			cache.wrap("set", () -> "old");
			cache.wrap("deleted", () -> "old");
			outside(() -> {
				cache.set("set", "new");
				cache.del("deleted");
				return "";
			});
		});

		assertThat(cache.get("set")).isEqualTo("new");
		assertThat(cache.lookup("deleted")).isNull();
	}

	@Test
	void readOnlyTransactionSharesLoads() throws Exception {
		ClusterCache<String> cache = cache(String.class);
		TransactionTemplate readOnly = transaction();
		readOnly.setReadOnly(true);
		CountDownLatch loading = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		Future<String> leader = async(() -> readOnly.<@Nullable String>execute((status) -> cache.wrap("k", () -> {
			loading.countDown();
			waitFor(go);
			return "v";
		})));
		waitFor(loading);
		Future<String> waiter = async(() -> cache.wrap("k", () -> "other"));

		go.countDown();

		assertThat(result(leader)).isEqualTo("v");
		assertThat(result(waiter)).isEqualTo("v");
		readOnly.executeWithoutResult((status) -> assertThat(cache.wrap("l", () -> "w")).isEqualTo("w")
			.isEqualTo(outside(() -> cache.get("l"))));
	}

	@Test
	void laterChangeOfAValueSetInATransactionIsNeverSeen() {
		ClusterCache<Object> cache = cache(Object.class);

		transaction().executeWithoutResult((status) -> {
			List<String> value = new ArrayList<>(List.of("a"));
			cache.set("k", value);
			cache.setValueInObject("o", "f", value);
			value.add("b");
		});

		assertThat(cache.get("k")).isEqualTo(List.of("a"));
		assertThat((Object) cache.getValueInObject("o", "f", List.class)).isEqualTo(List.of("a"));
	}

	@Test
	void valueThatJsonCannotCarryFailsBeforeTheCommit() {
		ClusterCache<Object> cache = cache(Object.class);

		transaction().executeWithoutResult((status) -> assertThatExceptionOfType(PayloadException.class)
			.isThrownBy(() -> cache.set("k", new Object())));
	}

	@Test
	void unknownOutcomeRemovesWhatWasWritten() {
		ClusterCache<String> cache = cache(String.class);
		cache.mset(Map.of("k", "before", "l", "before"), LONG);
		JdbcTransactionManager lost = new JdbcTransactionManager(this.database) {

			@Override
			protected void doCommit(DefaultTransactionStatus status) {
				super.doCommit(status);
				throw new TransactionSystemException("The database was lost during the commit");
			}

		};

		assertThatExceptionOfType(TransactionSystemException.class)
			.isThrownBy(() -> new TransactionTemplate(lost).executeWithoutResult((status) -> {
				cache.set("k", "after");
				cache.wrap("m", () -> "loaded");
			}));

		assertThat(cache.keys("*")).containsExactly("l");
	}

	@Test
	void failedWriteFailsNeitherTheTransactionNorTheNextWrite() {
		ClusterCache<Object> cache = cache(Object.class);
		cache.set("value", "v");

		transaction().executeWithoutResult((status) -> {
			cache.setValueInObject("value", "f", 1);
			cache.set("next", "v");
		});

		assertThat(cache.get("next")).isEqualTo("v");
	}

	@Test
	void errorOfAWriteAfterTheCommitForgetsNoOtherWrite() {
		ClusterCache<Fragile> fragile = cache(Fragile.class);
		ClusterCache<String> other = cache(String.class);
		AtomicBoolean committed = new AtomicBoolean();

		transaction().executeWithoutResult((status) -> {
			fragile.set("set", new Fragile(1));
			fragile.wrap("loaded", () -> new Fragile(2));
			other.set("next", "v");
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					committed.set(true);
				}

			});
			Fragile.BROKEN.set(true);
		});
		Fragile.BROKEN.set(false);

		assertThat(committed).isTrue();
		assertThat(other.get("next")).isEqualTo("v");
		assertThat(fragile.keys("*")).isEmpty();
		assertThat(context().getBean(ClusterCacheManager.class)).isInstanceOfSatisfying(Capability.class,
				(capability) -> assertThat(capability.health().up()).isFalse());
		assertThat(fragile.wrap("loaded", () -> new Fragile(3))).isEqualTo(new Fragile(3));
		fragile.set("set", new Fragile(4));
		assertThat(fragile.get("set")).isEqualTo(new Fragile(4));
	}

	@Test
	void counterIsNotTransactional() {
		Counter counter = caches().createCounter(name(), null);

		transaction().executeWithoutResult((status) -> {
			counter.incr("k");
			status.setRollbackOnly();
		});

		assertThat(counter.get("k")).isEqualTo(1);
	}

	private TransactionTemplate transaction() {
		return new TransactionTemplate(new JdbcTransactionManager(this.database));
	}

	private <T> T outside(java.util.concurrent.Callable<T> call) {
		try {
			return result(async(call));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A value that cannot be written while a class of it is missing.
	 *
	 * @param number a number
	 */
	public record Fragile(int number) {

		private static final AtomicBoolean BROKEN = new AtomicBoolean();

		@Override
		public int number() {
			if (BROKEN.get()) {
				throw new NoClassDefFoundError("expected by the test");
			}
			return this.number;
		}

	}

}
