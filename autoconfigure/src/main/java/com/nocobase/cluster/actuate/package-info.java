/**
 * What an operator sees of the cluster: health and meters.
 */
@NullMarked
package com.nocobase.cluster.actuate;

import org.jspecify.annotations.NullMarked;
