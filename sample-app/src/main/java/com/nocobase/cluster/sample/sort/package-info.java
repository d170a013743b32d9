/**
 * Records in the order in which they came: a number taken under a lock.
 */
@NullMarked
package com.nocobase.cluster.sample.sort;

import org.jspecify.annotations.NullMarked;
