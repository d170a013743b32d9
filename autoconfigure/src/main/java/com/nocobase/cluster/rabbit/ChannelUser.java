package com.nocobase.cluster.rabbit;

import java.io.IOException;

import com.rabbitmq.client.Channel;

/**
 * Uses a channel of a server that is opened again whenever it was lost.
 */
public interface ChannelUser {

	/**
	 * Called with each new channel, to declare and to consume. May wait for the broker.
	 * @param channel the open channel
	 * @throws IOException if it does not work; it is tried again with another channel
	 */
	void opened(Channel channel) throws IOException;

	/**
	 * Called once for each channel that was opened and is closed, on a thread of the
	 * client. Returns at once.
	 */
	default void lost() {
	}

}
