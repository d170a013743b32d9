/**
 * The one object that a plugin needs: {@link com.nocobase.cluster.ClusterApp}, and the
 * base class {@link com.nocobase.cluster.Plugin}.
 */
@NullMarked
package com.nocobase.cluster;

import org.jspecify.annotations.NullMarked;
