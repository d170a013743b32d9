package com.nocobase.cluster.worker.web;

/**
 * Paths that are served whatever the worker mode says.
 */
@FunctionalInterface
interface AlwaysServed {

	/**
	 * Returns whether a path is one of them.
	 * @param path the path within the application
	 * @return whether it is
	 */
	boolean test(String path);

}
