/**
 * The check of fencing tokens in a database.
 */
@NullMarked
package com.nocobase.cluster.lock.jdbc;

import org.jspecify.annotations.NullMarked;
