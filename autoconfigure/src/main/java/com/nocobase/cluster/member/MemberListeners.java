package com.nocobase.cluster.member;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Incident;
import com.nocobase.cluster.support.Mailbox;
import com.nocobase.cluster.support.Signals;

/**
 * Who is told of members that join and leave. Each listener gets its events one after the
 * other; one that throws or hangs harms no other and no heartbeat.
 */
final class MemberListeners {

	private static final Log logger = LogFactory.getLog(MemberListeners.class);

	private static final int BACKLOG = 10_000;

	private final ClusterRuntime runtime;

	private final Incident failed;

	private final Incident dropped;

	private final List<Listening> all = new CopyOnWriteArrayList<>();

	private volatile boolean open;

	MemberListeners(ClusterRuntime runtime, Signals signals) {
		this.runtime = runtime;
		this.failed = new Incident(logger, runtime, signals, "members.failed");
		this.dropped = new Incident(logger, runtime, signals, "members.dropped");
	}

	Subscription add(MemberListener listener) {
		Listening listening = new Listening(listener);
		this.all.add(listening);
		if (this.open) {
			listening.events.open();
		}
		return () -> {
			this.all.remove(listening);
			listening.events.close(Duration.ZERO);
		};
	}

	void tell(BiConsumer<MemberListener, Member> event, Member member) {
		for (Listening listening : this.all) {
			if (!listening.events.offer(() -> event.accept(listening.listener, member))) {
				this.dropped.warn("listener",
						"%s is too slow, so events of members are dropped".formatted(listening.listener), null);
			}
		}
	}

	void open() {
		this.open = true;
		this.all.forEach((listening) -> listening.events.open());
	}

	void pause() {
		this.open = false;
		this.all.forEach((listening) -> listening.events.pause(Duration.ZERO));
	}

	boolean hasRecentLoss() {
		return this.dropped.isRecent();
	}

	private final class Listening {

		private final MemberListener listener;

		private final Mailbox<Runnable> events;

		Listening(MemberListener listener) {
			this.listener = listener;
			this.events = new Mailbox<>(MemberListeners.this.runtime, BACKLOG, this::call);
		}

		private void call(Runnable event) {
			try {
				event.run();
			}
			catch (Throwable ex) {
				MemberListeners.this.failed.warn("listener",
						"%s failed with news of a member; going on".formatted(this.listener), ex);
			}
		}

	}

}
