/**
 * Tests of what travels between instances.
 */
@NullMarked
package com.nocobase.cluster.message;

import org.jspecify.annotations.NullMarked;
