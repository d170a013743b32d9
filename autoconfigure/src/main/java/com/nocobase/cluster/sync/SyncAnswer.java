package com.nocobase.cluster.sync;

import com.nocobase.cluster.message.MessageType;

/**
 * Answers a {@link SyncQuestion}.
 *
 * @param id id of the question
 * @param subscribed whether the instance is subscribed to the channel; it has then
 * handled it up to the position
 */
@MessageType("sync-answer")
record SyncAnswer(String id, boolean subscribed) {
}
