/**
 * How long tokens are valid: a setting that is read through a cache.
 */
@NullMarked
package com.nocobase.cluster.sample.auth;

import org.jspecify.annotations.NullMarked;
