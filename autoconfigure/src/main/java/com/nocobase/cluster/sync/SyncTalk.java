package com.nocobase.cluster.sync;

import java.util.Map;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.message.Envelope;
import com.nocobase.cluster.message.MalformedMessageException;
import com.nocobase.cluster.message.MessageCodec;
import com.nocobase.cluster.message.MessageTypes;
import com.nocobase.cluster.message.PayloadException;

/**
 * Passes questions and answers between instances, beside the log. What is lost on the way
 * is asked again.
 */
final class SyncTalk {

	private static final Log logger = LogFactory.getLog(SyncTalk.class);

	private final MessageCodec codec;

	private final Supplier<@Nullable SyncConnection> connection;

	SyncTalk(MessageCodec codec, Supplier<@Nullable SyncConnection> connection) {
		this.codec = codec;
		this.connection = connection;
	}

	void tell(String instanceId, Object message) {
		SyncConnection connected = this.connection.get();
		if (connected == null) {
			return;
		}
		try {
			connected.tell(instanceId, this.codec.encode(this.codec.wrap(message, Map.of())));
		}
		catch (RuntimeException ex) {
			logger.debug(LogMessage.format("Could not tell %s", instanceId), ex);
		}
	}

	void read(byte[] message, SyncAnswers answers, SyncQuestions questions) {
		try {
			Envelope envelope = this.codec.decode(message);
			if (MessageTypes.accepts(SyncQuestion.class, envelope.type())) {
				answers.asked(envelope.sender(), this.codec.read(envelope, SyncQuestion.class));
			}
			else if (MessageTypes.accepts(SyncAnswer.class, envelope.type())) {
				questions.answered(envelope.sender(), this.codec.read(envelope, SyncAnswer.class));
			}
		}
		catch (MalformedMessageException | PayloadException ex) {
			logger.debug("Skipped a question or answer that cannot be read", ex);
		}
	}

}
