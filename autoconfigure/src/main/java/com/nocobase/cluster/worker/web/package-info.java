/**
 * Answers requests on an instance that does not serve them.
 */
@NullMarked
package com.nocobase.cluster.worker.web;

import org.jspecify.annotations.NullMarked;
