package com.nocobase.cluster.queue.rabbit;

import org.junit.jupiter.api.BeforeAll;

import com.nocobase.cluster.queue.QueueContract;
import com.nocobase.cluster.queue.QueueTestBroker;
import com.nocobase.cluster.rabbit.RabbitCluster;

/**
 * {@link QueueContract} on three nodes of RabbitMQ.
 */
class RabbitClusterQueueTests extends QueueContract {

	@BeforeAll
	static void findBroker() {
		RabbitCluster.shared();
	}

	@Override
	protected QueueTestBroker broker() {
		return RabbitTestBroker.onThreeNodes();
	}

}
