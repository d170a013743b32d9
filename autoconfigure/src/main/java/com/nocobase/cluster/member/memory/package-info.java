/**
 * Members within one JVM.
 */
@NullMarked
package com.nocobase.cluster.member.memory;

import org.jspecify.annotations.NullMarked;
