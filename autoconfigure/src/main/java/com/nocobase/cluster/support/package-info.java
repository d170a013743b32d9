/**
 * What every capability shares and no user calls: threads and clocks, phases of life, one
 * timer for many deadlines, a serial mailbox, and what a capability tells of itself.
 */
@NullMarked
package com.nocobase.cluster.support;

import org.jspecify.annotations.NullMarked;
