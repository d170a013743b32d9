package com.nocobase.cluster.lock;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.tx.TransactionListener;
import com.nocobase.cluster.tx.TransactionOutcome;

/**
 * The leases of one transaction by key. Only its own thread comes here.
 *
 * @param <L> the type of the leases
 */
final class BoundLeases<L extends HeldLease> implements TransactionListener {

	private final Map<String, L> leases = new LinkedHashMap<>();

	@Nullable L find(String key) {
		return this.leases.get(key);
	}

	void add(L lease) {
		lease.bind();
		this.leases.put(lease.key(), lease);
	}

	@Override
	public void beforeCommit() {
		this.leases.values().forEach(HeldLease::check);
	}

	@Override
	public void completed(TransactionOutcome outcome) {
		this.leases.values().forEach(HeldLease::unbind);
	}

}
