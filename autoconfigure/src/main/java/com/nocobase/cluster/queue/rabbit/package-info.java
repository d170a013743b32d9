/**
 * The event queue on RabbitMQ.
 */
@NullMarked
package com.nocobase.cluster.queue.rabbit;

import org.jspecify.annotations.NullMarked;
