package com.nocobase.cluster.lock;

/**
 * A grant with a token in this process.
 */
final class HeldFencedLease extends HeldLease implements FencedLease {

	HeldFencedLease(LockGrant grant, LeaseTerms terms, LeaseKeeper keeper) {
		super(grant, terms, keeper);
	}

	@Override
	public long token() {
		return grant().token();
	}

}
