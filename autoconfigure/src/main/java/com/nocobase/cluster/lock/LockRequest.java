package com.nocobase.cluster.lock;

import java.time.Duration;

/**
 * What an adapter is asked for.
 *
 * @param key the key, as the application named it
 * @param owner unique for every request, so that a repeated one can be answered with the
 * first result; without control characters
 * @param ttl how long the grant lasts, positive
 * @param maxWait how long to wait for it; zero does not wait
 */
public record LockRequest(String key, String owner, Duration ttl, Duration maxWait) {

}
