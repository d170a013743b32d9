/**
 * What all plugins share over HTTP: problems, and who answers.
 */
@NullMarked
package com.nocobase.cluster.sample.web;

import org.jspecify.annotations.NullMarked;
