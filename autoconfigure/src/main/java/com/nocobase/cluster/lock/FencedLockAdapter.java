package com.nocobase.cluster.lock;

/**
 * Ability of an adapter: the {@link LockGrant#token()} of a key rises with every grant,
 * also after an expiry, a loss of the server's data or a step back of its clock. With
 * such an adapter a {@link FencedLockManager} is a bean.
 */
public interface FencedLockAdapter extends LockAdapter {

}
