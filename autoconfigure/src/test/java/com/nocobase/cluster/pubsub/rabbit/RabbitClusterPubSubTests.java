package com.nocobase.cluster.pubsub.rabbit;

import com.nocobase.cluster.pubsub.PubSubContract;
import com.nocobase.cluster.support.TestCluster;

/**
 * {@link PubSubContract} on three nodes of RabbitMQ.
 */
class RabbitClusterPubSubTests extends PubSubContract {

	@Override
	protected TestCluster cluster() {
		return RabbitInstances.onThreeNodes();
	}

}
