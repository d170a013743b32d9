package com.nocobase.cluster.member.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.member.Member;
import com.nocobase.cluster.member.MemberAdapter;
import com.nocobase.cluster.member.MembersSeen;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisScript;
import com.nocobase.cluster.redis.RedisServer;

/**
 * Members on Redis. Their lives end by the server's clock.
 * <p>
 * An instance whose id is taken when it joins may be the successor of one that crashed:
 * it waits until the other one's life is over, and gives up as soon as the other one
 * beats.
 */
final class RedisMembers implements MemberAdapter {

	private static final Log logger = LogFactory.getLog(RedisMembers.class);

	private static final RedisScript<Long> GOODBYE = RedisScript.ofNumber(RedisMembers.class, "goodbye.lua");

	private static final long POLL = Duration.ofMillis(200).toNanos();

	private final RedisServer server;

	private final Instance instance;

	private final List<byte[]> keys;

	private volatile Incarnation incarnation = new Incarnation();

	private volatile MembersView view = MembersView.NONE;

	RedisMembers(RedisServer server, Instance instance) {
		this.server = server;
		this.instance = instance;
		RedisNames names = server.names();
		this.keys = List.of(names.key("member", "seen"), names.key("member", "details"),
				names.key("member", "goodbyes"), names.key("member", "version"));
	}

	@Override
	public MembersSeen heartbeat(Member self, Duration timeToLive) {
		Incarnation life = this.incarnation;
		String othersEnd = null;
		while (true) {
			MembersView known = this.view;
			List<Object> answer = beat(life, self, timeToLive, known);
			switch (RedisNames.text(answer.get(0))) {
				case "live" -> {
					life.join();
					MembersView next = known.after(answer);
					this.view = next;
					return next.seen(answer);
				}
				case "taken" -> {
					String end = RedisNames.text(answer.get(1));
					if (life.isJoined() || (othersEnd != null && !othersEnd.equals(end))) {
						throw new IllegalStateException("The instance id '%s' belongs to another live member; set "
							.formatted(this.instance.id()) + "nocobase.cluster.instance-id to one of its own");
					}
					await(Duration.ofMillis((Long) answer.get(2)), othersEnd == null);
					othersEnd = end;
				}
				default -> throw new IllegalStateException(this.instance + " has said goodbye");
			}
		}
	}

	List<Object> beat(Incarnation life, Member self, Duration timeToLive, MembersView known) {
		return this.server.heartbeat()
			.with(new MemberBeat(this.keys, life.token(), RedisNames.bytes(self.instanceId()),
					RedisNames.bytes(timeToLive.toMillis()), life.with(StoredMember.write(self, timeToLive)),
					known.version(), life.nextVersion()));
	}

	private void await(Duration rest, boolean first) {
		if (first) {
			logger.info(LogMessage.format(
					"The instance id '%s' is taken; waiting whether its member is dead, " + "which takes %s at most",
					this.instance.id(), rest));
		}
		LockSupport.parkNanos(this, Math.min(rest.toNanos() + TimeUnit.MILLISECONDS.toNanos(1), POLL));
		if (Thread.currentThread().isInterrupted()) {
			throw new IllegalStateException(
					"Interrupted while waiting for the instance id '%s'".formatted(this.instance.id()));
		}
	}

	@Override
	public void goodbye(Member self) {
		Incarnation life = this.incarnation;
		this.incarnation = new Incarnation();
		this.view = MembersView.NONE;
		goodbye(life, self);
	}

	void goodbye(Incarnation life, Member self) {
		this.server.run(GOODBYE, this.keys.toArray(byte[][]::new), life.token(), RedisNames.bytes(self.instanceId()),
				life.nextVersion());
	}

}
