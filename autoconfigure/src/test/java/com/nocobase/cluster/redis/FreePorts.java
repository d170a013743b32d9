package com.nocobase.cluster.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that nobody listens on, and none of those that outgoing connections get: a client
 * that calls a stopped server again and again would meet itself there one day.
 */
public final class FreePorts {

	/**
	 * How far a cluster node's bus is from its port.
	 */
	static final int BUS = 10_000;

	private static final int LOWEST = 10_000;

	private static final int LOWEST_OUTGOING = 32_768;

	private FreePorts() {
	}

	/**
	 * Returns a port that is free now, and so is the bus port that belongs to it.
	 * @return the port
	 */
	public static int next() {
		for (int attempt = 0; attempt < 1000; attempt++) {
			int port = ThreadLocalRandom.current().nextInt(LOWEST, LOWEST_OUTGOING - BUS);
			if (isFree(port) && isFree(port + BUS)) {
				return port;
			}
		}
		throw new IllegalStateException("No free port found");
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
			return socket.isBound();
		}
		catch (IOException ex) {
			return false;
		}
	}

}
