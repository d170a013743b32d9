package com.nocobase.cluster.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.function.SingletonSupplier;

import com.nocobase.cluster.member.MemberDetails;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.worker.WorkerMode;

/**
 * Tells the other members what this instance's capabilities run on. The capabilities are
 * looked up at the first question, as the members are one of them.
 */
final class CapabilityDetails implements MemberDetails {

	private final Supplier<List<Capability>> capabilities;

	private final ObjectProvider<WorkerMode> mode;

	CapabilityDetails(ObjectProvider<Capability> capabilities, ObjectProvider<WorkerMode> mode) {
		this.capabilities = SingletonSupplier.of(() -> capabilities.stream().toList());
		this.mode = mode;
	}

	@Override
	public Map<String, Boolean> serving() {
		WorkerMode known = this.mode.getIfAvailable();
		return (known != null) ? known.known() : Map.of("requests", true);
	}

	@Override
	public Map<String, String> adapters() {
		Map<String, String> adapters = new TreeMap<>();
		this.capabilities.get().forEach((capability) -> adapters.put(capability.name(), capability.adapter()));
		return adapters;
	}

}
