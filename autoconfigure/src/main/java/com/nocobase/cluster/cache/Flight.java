package com.nocobase.cluster.cache;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What happens to one key right now.
 *
 * @param <T> the type of the values
 * @param shared the load that newcomers wait for
 * @param loads all loads, those of transactions and those passed over too
 * @param writes how many writes are under way
 */
record Flight<T>(@Nullable Load<T> shared, List<Load<T>> loads, int writes) {

	static <T> Flight<T> none() {
		return new Flight<>(null, List.of(), 0);
	}

	Flight<T> sharing(Load<T> load) {
		return new Flight<>(load, with(load), this.writes);
	}

	Flight<T> beside(Load<T> load) {
		return new Flight<>(this.shared, with(load), this.writes);
	}

	@Nullable Flight<T> without(Load<T> load) {
		List<Load<T>> others = this.loads.stream().filter((other) -> other != load).toList();
		return orNothing((this.shared != load) ? this.shared : null, others, this.writes);
	}

	Flight<T> writeBegun() {
		return new Flight<>(null, this.loads, this.writes + 1);
	}

	@Nullable Flight<T> writeEnded() {
		// A load begun during the write is not for those who come after it.
		return orNothing(null, this.loads, this.writes - 1);
	}

	Flight<T> unshared() {
		return new Flight<>(null, this.loads, this.writes);
	}

	private List<Load<T>> with(Load<T> load) {
		List<Load<T>> all = new ArrayList<>(this.loads);
		all.add(load);
		return List.copyOf(all);
	}

	private static <T> @Nullable Flight<T> orNothing(@Nullable Load<T> shared, List<Load<T>> loads, int writes) {
		return (loads.isEmpty() && writes == 0) ? null : new Flight<>(shared, loads, writes);
	}

}
