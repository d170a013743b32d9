/**
 * Which instances of the application are alive.
 */
@NullMarked
package com.nocobase.cluster.member;

import org.jspecify.annotations.NullMarked;
