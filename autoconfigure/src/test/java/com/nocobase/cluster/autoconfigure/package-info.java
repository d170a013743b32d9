/**
 * Tests of the auto-configurations.
 */
@NullMarked
package com.nocobase.cluster.autoconfigure;

import org.jspecify.annotations.NullMarked;
