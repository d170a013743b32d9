package com.nocobase.cluster.redis;

/**
 * One of several calls of a script.
 *
 * @param keys its keys, all of one tag
 * @param args its arguments
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RedisScriptCall(byte[][] keys, byte[]... args) {

}
