package com.nocobase.cluster.support;

/**
 * Phases of the cluster's beans. They start in this order and stop in the reverse one.
 * <p>
 * All but {@link #CONSUMERS} lie between the connection factories (phase 0) and the web
 * server, so that leases outlive web requests and connections outlive leases. Consumers
 * start after the web server accepts requests and stop before it drains.
 */
public final class ClusterPhases {

	/** Servers that several capabilities share connect; they disconnect last. */
	public static final int SERVERS = 500;

	/** The instance becomes a member; it says goodbye last. */
	public static final int MEMBERS = 1_000;

	/** Worker id and lock renewal. */
	public static final int LEASES = 2_000;

	/** Adapters of pub/sub and of the event queue connect. */
	public static final int CONNECTIONS = 3_000;

	/** The position is taken from which sync messages will be handled. */
	public static final int SYNC_POSITION = 4_000;

	/** Plugins: {@code beforeLoad} of all, then {@code load} of all. */
	public static final int PLUGINS = 5_000;

	/** Pub/sub and sync messages reach their handlers. */
	public static final int DELIVERY = 6_000;

	/** Consumers of the event queue take work. */
	public static final int CONSUMERS = Integer.MAX_VALUE - 512;

	private ClusterPhases() {
	}

}
