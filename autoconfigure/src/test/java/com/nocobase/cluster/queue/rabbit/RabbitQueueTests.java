package com.nocobase.cluster.queue.rabbit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

import com.nocobase.cluster.queue.QueueContract;
import com.nocobase.cluster.queue.QueueTestBroker;
import com.nocobase.cluster.rabbit.RabbitNetwork;
import com.nocobase.cluster.rabbit.TestRabbit;

/**
 * {@link QueueContract} on one node of RabbitMQ.
 */
class RabbitQueueTests extends QueueContract {

	@BeforeAll
	static void findBroker() {
		TestRabbit.shared();
	}

	@Override
	protected QueueTestBroker broker() {
		return RabbitTestBroker.onOneNode();
	}

	@AfterAll
	static void deleteQueues() {
		RabbitNetwork.deleteDeclared();
	}

}
