/**
 * The broker of the in-process adapters.
 */
@NullMarked
package com.nocobase.cluster.memory;

import org.jspecify.annotations.NullMarked;
