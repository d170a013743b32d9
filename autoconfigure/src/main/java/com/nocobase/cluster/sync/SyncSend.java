package com.nocobase.cluster.sync;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.tx.Receipt;
import com.nocobase.cluster.tx.Send;

/**
 * One message on its way into the log, and its receipt.
 */
final class SyncSend implements Send, SyncReceipt {

	private final ClusterSync sync;

	private final String channel;

	private final byte[] frame;

	private final Receipt receipt = new Receipt();

	private volatile Set<String> liveAtSend = Set.of();

	private volatile SyncPosition position = SyncPosition.START;

	SyncSend(ClusterSync sync, String channel, byte[] frame) {
		this.sync = sync;
		this.channel = channel;
		this.frame = frame;
	}

	Receipt receipt() {
		return this.receipt;
	}

	@Override
	public void send() {
		this.liveAtSend = this.sync.others();
		this.position = this.sync.send(this.channel, this.frame);
	}

	@Override
	public void settled(SendState state, @Nullable Throwable failure) {
		this.receipt.settle(state, failure);
	}

	@Override
	public SendState state() {
		return this.receipt.state();
	}

	@Override
	public SendState await(Duration timeout) {
		return this.receipt.await(timeout);
	}

	@Override
	public CompletionStage<SendState> outcome() {
		return this.receipt.outcome();
	}

	@Override
	public @Nullable Throwable failure() {
		return this.receipt.failure();
	}

	@Override
	public SyncApplied awaitApplied(Duration timeout) {
		Assert.isTrue(!timeout.isNegative(), () -> "timeout must not be negative, but is " + timeout);
		return this.sync.awaitApplied(this, timeout);
	}

	String channel() {
		return this.channel;
	}

	SyncPosition position() {
		return this.position;
	}

	Set<String> liveAtSend() {
		return this.liveAtSend;
	}

}
