/**
 * Telling the other instances that something changed, without anybody missing it.
 */
@NullMarked
package com.nocobase.cluster.sync;

import org.jspecify.annotations.NullMarked;
