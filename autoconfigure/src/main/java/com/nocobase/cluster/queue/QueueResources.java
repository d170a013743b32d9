package com.nocobase.cluster.queue;

import com.nocobase.cluster.message.MessageCodec;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Signals;

/**
 * What the parts of the event queue share.
 *
 * @param adapter the broker
 * @param codec tasks to bytes and back
 * @param runtime threads and clocks
 * @param signals counts what went wrong
 * @param properties the settings
 */
record QueueResources(QueueAdapter adapter, MessageCodec codec, ClusterRuntime runtime, Signals signals,
		QueueProperties properties) {

}
