/**
 * What travels between instances: envelopes and their codec, logical types, names, and
 * who an instance is.
 */
@NullMarked
package com.nocobase.cluster.message;

import org.jspecify.annotations.NullMarked;
