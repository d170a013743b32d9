package com.nocobase.cluster.queue.rabbit;

import org.junit.jupiter.api.BeforeAll;

import com.nocobase.cluster.queue.QueueLifeContract;
import com.nocobase.cluster.queue.QueueTestBroker;
import com.nocobase.cluster.rabbit.RabbitCluster;

/**
 * {@link QueueLifeContract} on three nodes of RabbitMQ.
 */
class RabbitClusterQueueLifeTests extends QueueLifeContract {

	@BeforeAll
	static void findBroker() {
		RabbitCluster.shared();
	}

	@Override
	protected QueueTestBroker broker() {
		return RabbitTestBroker.onThreeNodes();
	}

}
