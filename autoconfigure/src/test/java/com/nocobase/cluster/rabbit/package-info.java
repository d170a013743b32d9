/**
 * RabbitMQ servers for tests.
 */
@NullMarked
package com.nocobase.cluster.rabbit;

import org.jspecify.annotations.NullMarked;
