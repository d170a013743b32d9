/**
 * What an instance does, and the ids that no other instance gives out.
 */
@NullMarked
package com.nocobase.cluster.worker;

import org.jspecify.annotations.NullMarked;
