/**
 * Drives the sample from outside, over HTTP and signals.
 */
@NullMarked
package com.nocobase.cluster.sample;

import org.jspecify.annotations.NullMarked;
