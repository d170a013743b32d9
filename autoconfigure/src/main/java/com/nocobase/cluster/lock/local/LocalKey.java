package com.nocobase.cluster.lock.local;

/**
 * A key of an application.
 *
 * @param app the application
 * @param key the key, as it named it
 */
record LocalKey(String app, String key) {

}
