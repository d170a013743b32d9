/**
 * Several processes that take the same locks as fast as they can, and what they must not
 * see.
 */
@NullMarked
package com.nocobase.cluster.load;

import org.jspecify.annotations.NullMarked;
