/**
 * One auto-configuration per capability, and what explains a start that failed.
 */
@NullMarked
package com.nocobase.cluster.autoconfigure;

import org.jspecify.annotations.NullMarked;
