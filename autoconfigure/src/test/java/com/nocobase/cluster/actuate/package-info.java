/**
 * Tests of what an operator sees.
 */
@NullMarked
package com.nocobase.cluster.actuate;

import org.jspecify.annotations.NullMarked;
