package com.nocobase.cluster.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.support.Alarm;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Incident;
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

	private final List<HeartbeatPart> parts = new CopyOnWriteArrayList<>();

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
		this.alarm.by(this.lastAt + PERIOD);
	}

	void stop() {
		this.started = false;
		this.alarm.cancel();
	}

	/**
	 * Lets a part ride along with each heartbeat.
	 * @param part the part
	 * @return takes it out
	 */
	public Subscription add(HeartbeatPart part) {
		this.parts.add(part);
		return () -> this.parts.remove(part);
	}

	/**
	 * Beats now, with one part besides those that always ride along.
	 * @param part the part
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
		if (this.started && this.runtime.nanoTime() - this.lastAt >= PERIOD) {
			beatQuietly();
		}
		if (this.started) {
			this.alarm.by(this.lastAt + PERIOD);
		}
	}

	private List<Object> beat(@Nullable HeartbeatPart once) {
		long askedAt = this.runtime.nanoTime();
		this.lastAt = askedAt;
		List<HeartbeatPart> riding = new ArrayList<>(this.parts);
		if (once != null) {
			riding.add(once);
		}
		List<byte[]> keys = new ArrayList<>();
		List<byte[]> args = new ArrayList<>();
		args.add(this.signChannel);
		for (HeartbeatPart part : riding) {
			HeartbeatPart.Request request = part.request();
			args.add(RedisNames.bytes(part.name()));
			args.add(RedisNames.bytes(request.keys().size()));
			args.add(RedisNames.bytes(request.args().size()));
			args.addAll(request.args());
			keys.addAll(request.keys());
		}
		List<Object> answers = this.commands.run(script(riding), keys.toArray(byte[][]::new),
				args.toArray(byte[][]::new));
		this.sent.run();
		for (int i = 0; i < riding.size(); i++) {
			riding.get(i).answered(askedAt, answer(answers, i));
		}
		return (once != null) ? answer(answers, riding.size() - 1) : List.of();
	}

	@SuppressWarnings("unchecked")
	private static List<Object> answer(List<Object> answers, int index) {
		return (List<Object>) answers.get(index);
	}

	private RedisScript<List<Object>> script(List<HeartbeatPart> riding) {
		List<String> names = riding.stream().map(HeartbeatPart::name).distinct().sorted().toList();
		return this.scripts.computeIfAbsent(names, (key) -> {
			StringBuilder source = new StringBuilder("local parts = {}\n");
			for (String name : names) {
				HeartbeatPart part = riding.stream()
					.filter((each) -> each.name().equals(name))
					.findFirst()
					.orElseThrow();
				source.append("parts['")
					.append(name)
					.append("'] = function(keys, args)\n")
					.append(part.script())
					.append("\nend\n");
			}
			return RedisScript.ofList(source + DRIVER);
		});
	}

}
