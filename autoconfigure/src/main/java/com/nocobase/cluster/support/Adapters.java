package com.nocobase.cluster.support;

import java.util.Map;
import java.util.TreeSet;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Chooses the adapter that the configuration names. An adapter {@code x} of a contract
 * {@code PubSubAdapter} is the bean {@code x} or the bean {@code xPubSubAdapter} of that
 * type; so are ours, and so is one that an application defines.
 */
public final class Adapters {

	private Adapters() {
	}

	/**
	 * Returns the adapter of a name.
	 * @param <T> the contract
	 * @param beans where the adapters are
	 * @param contract the contract
	 * @param property the property that names it
	 * @param name the name
	 * @return the adapter
	 * @throws UnknownAdapterException if there is none of that name
	 */
	public static <T> T named(ListableBeanFactory beans, Class<T> contract, String property, String name) {
		Map<String, T> adapters = BeanFactoryUtils.beansOfTypeIncludingAncestors(beans, contract);
		T adapter = adapters.get(name);
		if (adapter == null) {
			adapter = adapters.get(name + contract.getSimpleName());
		}
		if (adapter == null) {
			throw new UnknownAdapterException(property, name, contract, new TreeSet<>(adapters.keySet()));
		}
		return adapter;
	}

}
