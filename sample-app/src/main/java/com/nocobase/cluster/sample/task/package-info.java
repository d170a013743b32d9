/**
 * Long tasks with progress: work for whoever serves it.
 */
@NullMarked
package com.nocobase.cluster.sample.task;

import org.jspecify.annotations.NullMarked;
