/**
 * Collections and their fields: a schema that every instance keeps in memory.
 */
@NullMarked
package com.nocobase.cluster.sample.datasource;

import org.jspecify.annotations.NullMarked;
