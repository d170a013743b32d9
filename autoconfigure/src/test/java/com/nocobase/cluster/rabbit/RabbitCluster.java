package com.nocobase.cluster.rabbit;

import java.util.List;
import java.util.stream.Stream;

/**
 * Three nodes of this JVM that form a cluster. Who stops a node of the shared one starts
 * it again.
 */
public final class RabbitCluster implements AutoCloseable {

	private final List<RabbitProcess> nodes;

	private RabbitCluster() {
		RabbitProcess seed = RabbitProcess.start();
		List<RabbitProcess> others = List.of(RabbitProcess.launch(seed), RabbitProcess.launch(seed));
		others.forEach(RabbitProcess::awaitAnswer);
		this.nodes = Stream.concat(Stream.of(seed), others.stream()).toList();
	}

	/**
	 * Returns the cluster that tests share, which is started once.
	 * @return the one of this JVM
	 */
	public static RabbitCluster shared() {
		return Holder.SHARED;
	}

	public List<RabbitProcess> nodes() {
		return this.nodes;
	}

	@Override
	public void close() {
		this.nodes.forEach(RabbitProcess::close);
	}

	private static final class Holder {

		static final RabbitCluster SHARED = new RabbitCluster();

	}

}
