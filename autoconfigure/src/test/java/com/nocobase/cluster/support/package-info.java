/**
 * Tests of what every capability shares.
 */
@NullMarked
package com.nocobase.cluster.support;

import org.jspecify.annotations.NullMarked;
