package com.nocobase.cluster.sample;

/**
 * {@link TasksContract} on RabbitMQ.
 */
class TasksOnRabbitIT extends TasksContract {

	TasksOnRabbitIT() {
		super("cluster");
	}

}
