package com.nocobase.cluster.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.support.Alarm;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Incident;
import com.nocobase.cluster.support.Nanos;
import com.nocobase.cluster.support.Signals;

/**
 * The one heartbeat of this instance at a server: a script that runs the parts of all
 * capabilities and publishes the sign by which the subscription is known to live. Whoever
 * beats takes all parts along, so there is one command a second however many parts there
 * are. If nobody else does, it beats by itself.
 */
public final class RedisHeartbeat {

	private static final Log logger = LogFactory.getLog(RedisHeartbeat.class);

	private static final String DRIVER = RedisScript.read(RedisHeartbeat.class, "heartbeat.lua");

	/** A little more than the second after which the members' heartbeat comes. */
	private static final long PERIOD = Duration.ofMillis(1_400).toNanos();

	private final RedisCommands commands;

	private final byte[] signChannel;

	private final Runnable sent;

	private final ClusterRuntime runtime;

	private final Incident failed;

	private final Alarm alarm;

	/** Those that always ride, with how often they have to. */
	private final Map<HeartbeatPart, Long> parts = new ConcurrentHashMap<>();

	private final Map<List<String>, RedisScript<List<Object>>> scripts = new ConcurrentHashMap<>();

	private volatile boolean started;

	private volatile long lastAt;

	RedisHeartbeat(RedisCommands commands, byte[] signChannel, Runnable sent, ClusterRuntime runtime, Signals signals) {
		this.commands = commands;
		this.signChannel = signChannel;
		this.sent = sent;
		this.runtime = runtime;
		this.failed = new Incident(logger, runtime, signals, "redis.heartbeat-failed");
		this.alarm = new Alarm(runtime, () -> runtime.executor().execute(this::beatIfDue));
	}

	void start() {
		beat(null);
		this.started = true;
		this.alarm.by(this.lastAt + period());
	}

	void stop() {
		this.started = false;
		this.alarm.cancel();
	}

	/**
	 * Lets a part ride along with each heartbeat, once a second or a little more.
	 * @param part the part
	 * @return takes it out; an answer that is under way may still come
	 */
	public Subscription add(HeartbeatPart part) {
		return add(part, Duration.ofNanos(PERIOD));
	}

	/**
	 * Lets a part ride along with each heartbeat.
	 * @param part the part
	 * @param atLeastEvery how often it has to ride, where a second is too seldom
	 * @return takes it out; an answer that is under way may still come
	 */
	public Subscription add(HeartbeatPart part, Duration atLeastEvery) {
		this.parts.put(part, Nanos.of(atLeastEvery));
		if (this.started) {
			this.alarm.by(this.lastAt + period());
		}
		return () -> this.parts.remove(part);
	}

	/**
	 * Beats now, with one part besides those that always ride along.
	 * @param part the part; its {@code answered} is not called
	 * @return its answer
	 * @throws RedisServerException if the server did not take it
	 */
	public List<Object> with(HeartbeatPart part) {
		return beat(part);
	}

	/** Beats now; a failure is logged. */
	void beatQuietly() {
		try {
			beat(null);
		}
		catch (RuntimeException ex) {
			this.failed.warn("heartbeat", "A heartbeat could not be sent; trying again", ex);
		}
	}

	private void beatIfDue() {
		try {
			if (this.started && this.runtime.nanoTime() - this.lastAt >= period()) {
				beatQuietly();
			}
		}
		finally {
			if (this.started) {
				this.alarm.by(this.lastAt + period());
			}
		}
	}

	private long period() {
		return this.parts.values().stream().reduce(PERIOD, Math::min);
	}

	private List<Object> beat(@Nullable HeartbeatPart once) {
		long askedAt = this.runtime.nanoTime();
		this.lastAt = askedAt;
		List<Passenger> riding = new ArrayList<>();
		this.parts.keySet().forEach((part) -> board(part, riding));
		HeartbeatPart.Request wanted = (once != null) ? once.request() : null;
		if (once != null && wanted != null) {
			riding.add(new Passenger(once, wanted));
		}
		List<byte[]> keys = new ArrayList<>();
		List<byte[]> args = new ArrayList<>();
		args.add(this.signChannel);
		args.add(RedisLink.sign(askedAt));
		for (Passenger each : riding) {
			args.add(RedisNames.bytes(each.part.name()));
			args.add(RedisNames.bytes(each.request.keys().size()));
			args.add(RedisNames.bytes(each.request.args().size()));
			args.addAll(each.request.args());
			keys.addAll(each.request.keys());
		}
		List<Object> answers = this.commands.run(script(riding), keys.toArray(byte[][]::new),
				args.toArray(byte[][]::new));
		this.sent.run();
		for (int i = 0; i < riding.size(); i++) {
			if (riding.get(i).part != once) {
				deliver(riding.get(i).part, askedAt, answers.get(i));
			}
		}
		return (wanted != null) ? answer(answers.get(riding.size() - 1)) : List.of();
	}

	private void board(HeartbeatPart part, List<Passenger> riding) {
		try {
			HeartbeatPart.Request request = part.request();
			if (request != null) {
				riding.add(new Passenger(part, request));
			}
		}
		catch (RuntimeException ex) {
			failed(part, ex);
		}
	}

	private void deliver(HeartbeatPart part, long askedAt, Object answer) {
		try {
			part.answered(askedAt, answer(answer));
		}
		catch (RuntimeException ex) {
			failed(part, ex);
		}
	}

	private void failed(HeartbeatPart part, RuntimeException failure) {
		this.failed.warn(part.name(), "The heartbeat's part of '%s' failed; trying again".formatted(part.name()),
				failure);
	}

	@SuppressWarnings("unchecked")
	private static List<Object> answer(Object answered) {
		List<Object> answer = (List<Object>) answered;
		if ((Long) answer.get(0) == 0) {
			throw new RedisServerException("Redis failed: " + RedisNames.text(answer.get(1)), null);
		}
		return (List<Object>) answer.get(1);
	}

	private RedisScript<List<Object>> script(List<Passenger> riding) {
		List<String> names = riding.stream().map((each) -> each.part.name()).distinct().sorted().toList();
		return this.scripts.computeIfAbsent(names, (key) -> {
			StringBuilder source = new StringBuilder("local parts = {}\n");
			for (String name : names) {
				source.append("parts['").append(name).append("'] = function(keys, args)\n");
				riding.stream()
					.filter((each) -> each.part.name().equals(name))
					.findFirst()
					.ifPresent((each) -> source.append(each.part.script()));
				source.append("\nend\n");
			}
			return RedisScript.ofList(source + DRIVER);
		});
	}

	/**
	 * A part with what it sends in one heartbeat.
	 *
	 * @param part the part
	 * @param request what it sends
	 */
	private record Passenger(HeartbeatPart part, HeartbeatPart.Request request) {

	}

}
