package com.nocobase.cluster.tx;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Without spring-tx there is no transaction.
 */
final class NoTransactions implements Transactions {

	@Override
	public boolean isActive() {
		return false;
	}

	@Override
	public boolean isReadOnly() {
		return false;
	}

	@Override
	public @Nullable TransactionListener find(Object key) {
		return null;
	}

	@Override
	public <T extends TransactionListener> T join(Object key, Supplier<T> factory) {
		throw new IllegalStateException("There is no transaction to join");
	}

}
