package com.nocobase.cluster.autoconfigure;

import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.util.StringUtils;

import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.ClusterConfigurationException;

/**
 * Stops a start that would go wrong in silence once there are two instances: other
 * applications' names and keys would be ours without a name of our own, and every
 * instance would give out the ids of worker 0.
 */
class RemoteAdapterCheck implements SmartInitializingSingleton {

	private static final Set<String> IN_PROCESS = Set.of("memory", "local");

	private final ObjectProvider<Capability> capabilities;

	private final String name;

	private final BooleanSupplier allocatorNamed;

	RemoteAdapterCheck(ObjectProvider<Capability> capabilities, String name, BooleanSupplier allocatorNamed) {
		this.capabilities = capabilities;
		this.name = name;
		this.allocatorNamed = allocatorNamed;
	}

	@Override
	public void afterSingletonsInstantiated() {
		List<String> remote = this.capabilities.stream()
			.filter((each) -> !IN_PROCESS.contains(each.adapter()))
			.map((each) -> each.name() + " on " + each.adapter())
			.sorted()
			.toList();
		if (remote.isEmpty()) {
			return;
		}
		if (!StringUtils.hasText(this.name)) {
			throw new ClusterConfigurationException("The application has no name, but runs " + remote,
					"Set spring.application.name or nocobase.cluster.name, the same on all instances.");
		}
		if (!this.allocatorNamed.getAsBoolean()) {
			throw new ClusterConfigurationException(
					"Nobody named an allocator of worker ids, but the application runs " + remote
							+ "; every instance would give out the ids of worker 0",
					"Set nocobase.cluster.worker-id.allocator to one that all instances share, or to 'local' if "
							+ "there is only one instance.");
		}
	}

}
