package com.nocobase.cluster.pubsub.rabbit;

import com.nocobase.cluster.pubsub.PubSubContract;
import com.nocobase.cluster.support.TestCluster;

/**
 * {@link PubSubContract} on one node of RabbitMQ.
 */
class RabbitPubSubTests extends PubSubContract {

	@Override
	protected TestCluster cluster() {
		return RabbitInstances.onOneNode();
	}

}
