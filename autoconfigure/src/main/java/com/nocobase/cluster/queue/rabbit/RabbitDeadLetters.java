package com.nocobase.cluster.queue.rabbit;

import java.time.Duration;
import java.util.function.Consumer;

import com.nocobase.cluster.queue.DeadLetters;
import com.nocobase.cluster.queue.QueueException;
import com.nocobase.cluster.rabbit.RabbitMessage;
import com.nocobase.cluster.rabbit.RabbitServer;
import com.nocobase.cluster.rabbit.RabbitServerException;

/**
 * The dead letters of one channel: a queue that nobody consumes.
 */
final class RabbitDeadLetters implements DeadLetters {

	private final String channel;

	private final RabbitServer server;

	private final TaskQueues queues;

	private final TaskSender sender;

	RabbitDeadLetters(String channel, RabbitServer server, TaskQueues queues, TaskSender sender) {
		this.channel = channel;
		this.server = server;
		this.queues = queues;
		this.sender = sender;
	}

	@Override
	public int retry(int atMost) {
		return each(atMost, (letter) -> this.sender.copy(this.channel,
				TaskRecord.of(letter.properties(), letter.body()).anew(), Duration.ZERO, letter.body()));
	}

	@Override
	public int discard(int atMost) {
		return each(atMost, (letter) -> {
		});
	}

	private int each(int atMost, Consumer<RabbitMessage> action) {
		try {
			String queue = this.queues.dead(this.channel);
			int done = 0;
			while (done < atMost) {
				RabbitMessage letter = this.server.fetch(queue);
				if (letter == null) {
					break;
				}
				settle(letter, action);
				done++;
			}
			return done;
		}
		catch (RabbitServerException ex) {
			throw new QueueException("The dead letters of %s cannot be changed".formatted(this.channel), ex);
		}
	}

	private static void settle(RabbitMessage letter, Consumer<RabbitMessage> action) {
		try {
			action.accept(letter);
		}
		catch (RuntimeException ex) {
			letter.reject();
			throw ex;
		}
		letter.acknowledge();
	}

}
