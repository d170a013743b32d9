/**
 * Pub/sub through RabbitMQ.
 */
@NullMarked
package com.nocobase.cluster.pubsub.rabbit;

import org.jspecify.annotations.NullMarked;
