package com.nocobase.cluster.sample;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import com.nocobase.cluster.rabbit.TestRabbit;
import com.nocobase.cluster.redis.TestRedis;

/**
 * Instances of one application that nobody else runs: its name and its schema are new.
 * Closing kills them all.
 */
final class SampleCluster implements AutoCloseable {

	private final TestSchema schema = new TestSchema();

	private final List<String> arguments = new ArrayList<>();

	private final List<SampleProcess> instances = new CopyOnWriteArrayList<>();

	/**
	 * Creates a cluster without instances.
	 * @param profile profile of all of them
	 * @param arguments properties of all of them
	 */
	SampleCluster(String profile, String... arguments) {
		this.arguments.add("--spring.profiles.active=" + profile);
		this.arguments.add("--nocobase.cluster.name=sample-" + UUID.randomUUID());
		this.arguments.add("--spring.datasource.url=" + this.schema.url());
		this.arguments.add("--spring.datasource.hikari.maximum-pool-size=4");
		Stream.of(TestRedis.shared().properties()).map((each) -> "--" + each).forEach(this.arguments::add);
		if (profile.equals("cluster")) {
			this.arguments.add("--spring.rabbitmq.addresses=" + TestRabbit.shared().address());
		}
		this.arguments.addAll(List.of(arguments));
	}

	TestSchema schema() {
		return this.schema;
	}

	/**
	 * Starts an instance.
	 * @param more properties of its own
	 * @return the instance, perhaps not yet ready
	 * @throws IOException if it could not be started
	 */
	SampleProcess start(String... more) throws IOException {
		List<String> all = new ArrayList<>(this.arguments);
		all.addAll(List.of(more));
		SampleProcess instance = SampleProcess.start(SampleProcess.newDirectory(), all.toArray(String[]::new));
		this.instances.add(instance);
		return instance;
	}

	@Override
	public void close() {
		this.instances.forEach(SampleProcess::kill);
		this.schema.close();
	}

}
