package com.nocobase.cluster.worker.web;

import java.util.ArrayList;
import java.util.List;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.util.StringUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * The paths of the actuator on the application's port. They are collected at the first
 * request, as filters are made long before endpoints.
 */
final class ActuatorPaths implements AlwaysServed {

	private final SingletonSupplier<List<String>> paths;

	/**
	 * Creates the paths.
	 * @param endpoints all endpoints
	 * @param samePort whether they are served on the application's port; if not, only
	 * those are that have an additional path there
	 */
	ActuatorPaths(ObjectProvider<PathMappedEndpoints> endpoints, boolean samePort) {
		this.paths = SingletonSupplier.of(() -> {
			List<String> found = new ArrayList<>();
			endpoints.ifAvailable((mapped) -> collect(mapped, samePort, found));
			return List.copyOf(found);
		});
	}

	private static void collect(PathMappedEndpoints endpoints, boolean samePort, List<String> paths) {
		if (samePort) {
			if (StringUtils.hasLength(endpoints.getBasePath())) {
				paths.add(endpoints.getBasePath());
			}
			paths.addAll(endpoints.getAllPaths());
		}
		for (PathMappedEndpoint endpoint : endpoints) {
			for (String path : endpoint.getAdditionalPaths(WebServerNamespace.SERVER)) {
				paths.add(path.startsWith("/") ? path : "/" + path);
			}
		}
	}

	@Override
	public boolean test(String path) {
		return this.paths.obtain().stream().anyMatch((served) -> path.equals(served) || path.startsWith(served + "/"));
	}

}
