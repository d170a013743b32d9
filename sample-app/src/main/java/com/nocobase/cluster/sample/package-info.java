/**
 * A small data platform made of four plugins, which runs as one instance or as many.
 */
@NullMarked
package com.nocobase.cluster.sample;

import org.jspecify.annotations.NullMarked;
