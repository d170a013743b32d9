package com.nocobase.cluster.sync;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;
import org.springframework.util.Assert;

import com.nocobase.cluster.member.ClusterMembers;
import com.nocobase.cluster.member.Member;
import com.nocobase.cluster.member.MemberListener;
import com.nocobase.cluster.message.Envelope;
import com.nocobase.cluster.message.MessageCodec;
import com.nocobase.cluster.message.Names;
import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.support.Alarm;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.CapabilityHealth;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Nanos;
import com.nocobase.cluster.support.Signals;
import com.nocobase.cluster.tx.AfterCommit;

/**
 * Publishes into the log, and keeps the connection. What is read goes from the connection
 * straight to the {@link SyncSubscriptions}.
 */
final class ClusterSync implements SyncMessageManager, Capability {

	private static final Log logger = LogFactory.getLog(ClusterSync.class);

	private static final Duration STOP_LIMIT = Duration.ofSeconds(3);

	/** Members that vanish together cause one resync. */
	private static final Duration VANISHED_TOGETHER = Duration.ofSeconds(1);

	private final SyncAdapter adapter;

	private final SyncProperties properties;

	private final MessageCodec codec;

	private final Supplier<@Nullable ClusterMembers> members;

	private final AfterCommit afterCommit;

	private final ClusterRuntime runtime;

	private final SyncSubscriptions subscriptions;

	private final SyncAnswers answers;

	private final SyncQuestions questions;

	private final Alarm vanished;

	private volatile @Nullable SyncConnection connection;

	private volatile @Nullable Subscription listening;

	ClusterSync(SyncAdapter adapter, SyncProperties properties, MessageCodec codec,
			Supplier<@Nullable ClusterMembers> members, AfterCommit afterCommit, ClusterRuntime runtime,
			Signals signals) {
		this.adapter = adapter;
		this.properties = properties;
		this.codec = codec;
		this.members = members;
		this.afterCommit = afterCommit;
		this.runtime = runtime;
		SyncTalk talk = new SyncTalk(codec, () -> this.connection);
		this.subscriptions = new SyncSubscriptions(codec, properties, runtime, signals, this::progressed,
				(message) -> told(talk, message));
		this.answers = new SyncAnswers(talk, this.subscriptions, runtime);
		this.questions = new SyncQuestions(talk, this::others, runtime);
		this.vanished = new Alarm(runtime,
				() -> this.subscriptions.resyncAll("A member vanished, perhaps between its commit and its message"));
	}

	private void progressed() {
		this.answers.progressed();
	}

	private void told(SyncTalk talk, byte[] message) {
		this.runtime.executor().execute(() -> talk.read(message, this.answers, this.questions));
	}

	void connect() {
		this.subscriptions.prepare();
		this.connection = this.adapter.connect(this.subscriptions);
		this.afterCommit.open();
		ClusterMembers present = this.members.get();
		if (present != null) {
			this.listening = present.listen(new VanishedListener());
		}
		logger.info(LogMessage.format("Sync messages go through %s", adapter()));
	}

	void disconnect() {
		this.afterCommit.close();
		if (this.listening != null) {
			this.listening.close();
		}
		this.vanished.cancel();
		this.answers.clear();
		SyncConnection connected = this.connection;
		this.connection = null;
		if (connected != null) {
			connected.close();
		}
	}

	void startDelivery() {
		SyncConnection connected = connection("any");
		this.subscriptions.open(connected.position());
		connected.read();
		progressed();
	}

	void stopDelivery() {
		this.subscriptions.pause(STOP_LIMIT);
	}

	@Override
	public Subscription subscribe(String channel, SyncOptions options, SyncHandler handler) {
		Names.check("channel", channel);
		Assert.notNull(handler, "handler must not be null");
		return this.subscriptions.add(channel, options, handler);
	}

	@Override
	public SyncReceipt publish(String channel, Object message, boolean skipSelf) {
		Names.check("channel", channel);
		connection(channel);
		Envelope envelope = this.codec.wrap(message, skipSelf ? Map.of() : SyncSubscriptions.TO_ALL);
		SyncSend send = new SyncSend(this, channel, this.codec.encode(envelope));
		if (this.afterCommit.isDeferred()) {
			send.receipt().deferredTo(this.afterCommit.defer(send));
			return send;
		}
		try {
			this.afterCommit.sendNow(send);
		}
		catch (SyncException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw new SyncException("A message on channel '%s' was not published".formatted(channel), ex);
		}
		return send;
	}

	SyncPosition send(String channel, byte[] frame) {
		return connection(channel).send(channel, frame);
	}

	private SyncConnection connection(String channel) {
		SyncConnection connected = this.connection;
		if (connected == null) {
			throw new SyncException(
					"Sync messages are not connected, so nothing is sent on channel '%s'; they are ".formatted(channel)
							+ "connected between the start and the stop of the application",
					null);
		}
		return connected;
	}

	Set<String> others() {
		ClusterMembers present = this.members.get();
		return (present != null) ? others(present.all()) : Set.of();
	}

	private Set<String> others(List<Member> all) {
		String self = this.codec.instance().id();
		return all.stream().map(Member::instanceId).filter((id) -> !id.equals(self)).collect(Collectors.toSet());
	}

	SyncApplied awaitApplied(SyncSend send, Duration timeout) {
		ClusterMembers present = this.members.get();
		Assert.state(present != null, "Nobody knows who has applied a message without members; set "
				+ "nocobase.cluster.members.enabled to true");
		long end = this.runtime.nanoTime() + Nanos.of(timeout);
		SendState state = send.await(timeout);
		if (state != SendState.PENDING && state != SendState.SENT) {
			return new SyncApplied(Set.of(), Set.of(), Set.of());
		}
		// The last heartbeat may not have seen a member that took its position just
		// before.
		Set<String> live = others(present.refresh(until(end)));
		if (state == SendState.PENDING) {
			return new SyncApplied(Set.of(), live, Set.of());
		}
		live.addAll(send.liveAtSend());
		return this.questions.ask(send.channel(), send.position(), live, until(end));
	}

	private Duration until(long end) {
		return Duration.ofNanos(Math.max(0, end - this.runtime.nanoTime()));
	}

	@Override
	public String name() {
		return "sync";
	}

	@Override
	public String adapter() {
		return this.properties.adapter();
	}

	@Override
	public CapabilityHealth health() {
		boolean connected = this.connection != null && !this.subscriptions.isLost();
		int waiting = this.afterCommit.waiting();
		Map<String, Object> details = new HashMap<>(this.subscriptions.details());
		details.put("adapter", adapter());
		details.put("connected", connected);
		details.put("waitingToBeSent", waiting);
		return new CapabilityHealth(connected && waiting == 0 && this.subscriptions.isHealthy(), details);
	}

	private final class VanishedListener implements MemberListener {

		@Override
		public void vanished(Member member) {
			ClusterSync.this.vanished.within(VANISHED_TOGETHER);
		}

	}

}
