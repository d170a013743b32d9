package com.nocobase.cluster.lock;

/**
 * A lock that an adapter has granted.
 *
 * @param key the key, as the application named it
 * @param owner the owner of the request
 * @param askedAt the process's monotonic time, taken just before the call to the server
 * that granted it; from then on the ttl is counted
 * @param token the fencing token, zero where the adapter has none
 */
public record LockGrant(String key, String owner, long askedAt, long token) {

}
