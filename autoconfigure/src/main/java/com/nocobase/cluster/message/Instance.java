package com.nocobase.cluster.message;

/**
 * One running application context. Two contexts in one JVM are two instances.
 *
 * @param app name of the application, the same on all of its instances
 * @param id unique among the instances that run
 */
public record Instance(String app, String id) {

	public Instance {
		Names.check("nocobase.cluster.name", app);
		Names.check("nocobase.cluster.instance-id", id);
	}

}
