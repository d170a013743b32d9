package com.nocobase.cluster.cache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.tx.TransactionListener;
import com.nocobase.cluster.tx.TransactionOutcome;

/**
 * What one transaction has done to caches so far, in order. Only its own thread comes
 * here.
 */
final class TransactionWrites implements TransactionListener {

	private static final Log logger = LogFactory.getLog(TransactionWrites.class);

	private final CacheContext context;

	private final List<Effect> effects = new ArrayList<>();

	/** Where in the list a key was first written. */
	private final Map<Dirty, Integer> dirty = new HashMap<>();

	private final Map<Object, Integer> savepoints = new HashMap<>();

	TransactionWrites(CacheContext context) {
		this.context = context;
	}

	/**
	 * Remembers a write of keys.
	 * @param keys the keys
	 * @param effect what to do in the end
	 */
	void write(Collection<String> keys, Write effect) {
		keys.forEach((key) -> this.dirty.putIfAbsent(new Dirty(effect.cache(), key), this.effects.size()));
		this.effects.add(effect);
	}

	void writeAll(Write effect) {
		this.dirty.putIfAbsent(new Dirty(effect.cache(), null), this.effects.size());
		this.effects.add(effect);
	}

	void fill(Fill effect) {
		this.effects.add(effect);
	}

	boolean isDirty(String cache, String key) {
		return this.dirty.containsKey(new Dirty(cache, key)) || this.dirty.containsKey(new Dirty(cache, null));
	}

	@Override
	public void savepointMade(Object savepoint) {
		this.savepoints.put(savepoint, this.effects.size());
	}

	@Override
	public void rolledBackTo(Object savepoint) {
		// A savepoint that we have not seen was made before the first write.
		int kept = this.savepoints.getOrDefault(savepoint, 0);
		this.dirty.values().removeIf((index) -> index >= kept);
		List<Effect> dropped = this.effects.subList(kept, this.effects.size());
		dropped.forEach((effect) -> run(effect, TransactionOutcome.ROLLED_BACK));
		dropped.clear();
	}

	@Override
	public void completed(TransactionOutcome outcome) {
		this.effects.forEach((effect) -> run(effect, outcome));
	}

	private void run(Effect effect, TransactionOutcome outcome) {
		try {
			effect.ended(outcome);
		}
		catch (RuntimeException | Error ex) {
			// The effects behind it must not be forgotten because of it.
			logger.error(LogMessage.format("Cache '%s' may be wrong: committed, but not written", effect.cache()), ex);
			this.context.writeLost(effect.cache());
		}
	}

	/**
	 * What happens to a cache when the transaction has ended.
	 */
	sealed interface Effect permits Write, Fill {

		String cache();

		void ended(TransactionOutcome outcome);

	}

	/**
	 * A write.
	 *
	 * @param cache name of the cache
	 * @param write goes to the store
	 * @param forget removes what would have been written: nobody knows what is right
	 */
	record Write(String cache, Runnable write, Runnable forget) implements Effect {

		@Override
		public void ended(TransactionOutcome outcome) {
			switch (outcome) {
				case COMMITTED -> this.write.run();
				case UNKNOWN -> this.forget.run();
				case ROLLED_BACK -> {
				}
			}
		}

	}

	/**
	 * A loaded value.
	 *
	 * @param cache name of the cache
	 * @param store goes to the store
	 * @param end called in any case
	 */
	record Fill(String cache, Runnable store, Runnable end) implements Effect {

		@Override
		public void ended(TransactionOutcome outcome) {
			try {
				if (outcome == TransactionOutcome.COMMITTED) {
					this.store.run();
				}
			}
			finally {
				this.end.run();
			}
		}

	}

	private record Dirty(String cache, @Nullable String key) {

	}

}
