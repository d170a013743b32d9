/**
 * Tests of the application as a whole.
 */
@NullMarked
package com.nocobase.cluster;

import org.jspecify.annotations.NullMarked;
