package com.nocobase.cluster.lock;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What became of renewals. A grant that is in neither set was renewed.
 *
 * @param lost the grants that have ended
 * @param unknown the grants of which the adapter could not tell; they are tried again
 * @param failure why it could not, if it could not
 */
public record LockRenewalResult(Set<LockGrant> lost, Set<LockGrant> unknown, @Nullable RuntimeException failure) {

	/**
	 * Creates the result of an adapter that could tell of each grant.
	 * @param lost the grants that have ended
	 * @return the result
	 */
	public static LockRenewalResult known(Set<LockGrant> lost) {
		return new LockRenewalResult(lost, Set.of(), null);
	}

}
