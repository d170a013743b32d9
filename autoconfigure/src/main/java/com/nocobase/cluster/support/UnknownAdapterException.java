package com.nocobase.cluster.support;

import java.util.Collection;

/**
 * The configuration names an adapter that is not there.
 */
public class UnknownAdapterException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String property;

	private final String adapter;

	private final String contract;

	UnknownAdapterException(String property, String adapter, Class<?> contract, Collection<String> available) {
		super("%s is '%s', but there is no such adapter; there is %s".formatted(property, adapter, available));
		this.property = property;
		this.adapter = adapter;
		this.contract = contract.getName();
	}

	/**
	 * Returns the property that names it.
	 * @return the property's name
	 */
	public String property() {
		return this.property;
	}

	/**
	 * Returns what the property names.
	 * @return the name of the adapter
	 */
	public String adapter() {
		return this.adapter;
	}

	/**
	 * Returns what an adapter implements.
	 * @return the name of the interface
	 */
	public String contract() {
		return this.contract;
	}

}
