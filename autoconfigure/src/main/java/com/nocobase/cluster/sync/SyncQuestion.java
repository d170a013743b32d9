package com.nocobase.cluster.sync;

import com.nocobase.cluster.message.MessageType;

/**
 * Asks an instance to answer when it has handled a channel up to a position.
 *
 * @param id id of the question; the same one asked again counts once
 * @param channel the channel
 * @param upTo the position
 * @param millis how long the answer is waited for
 */
@MessageType("sync-question")
record SyncQuestion(String id, String channel, SyncPosition upTo, long millis) {
}
