/**
 * What all capabilities on RabbitMQ share: connections, names, topology and the
 * publisher.
 */
@NullMarked
package com.nocobase.cluster.rabbit;

import org.jspecify.annotations.NullMarked;
