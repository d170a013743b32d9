/**
 * The event queue within one process, with a file that carries undone work over a
 * graceful stop.
 */
@NullMarked
package com.nocobase.cluster.queue.memory;

import org.jspecify.annotations.NullMarked;
