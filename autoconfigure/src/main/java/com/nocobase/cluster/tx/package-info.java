/**
 * Effects that wait for the end of a Spring transaction; the only user of spring-tx.
 */
@NullMarked
package com.nocobase.cluster.tx;

import org.jspecify.annotations.NullMarked;
