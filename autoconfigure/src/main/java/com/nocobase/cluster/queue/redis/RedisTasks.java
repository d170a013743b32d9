package com.nocobase.cluster.queue.redis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import com.nocobase.cluster.queue.DeadLetter;
import com.nocobase.cluster.queue.TaskInfo;
import com.nocobase.cluster.queue.TaskState;
import com.nocobase.cluster.queue.TaskStore;
import com.nocobase.cluster.redis.RedisNames;

/**
 * Looks tasks up. Where a channel is not told, all of the application are looked through.
 */
final class RedisTasks implements TaskStore {

	private final RedisQueueAdapter adapter;

	private final RedisQueueServer queue;

	RedisTasks(RedisQueueAdapter adapter, RedisQueueServer queue) {
		this.adapter = adapter;
		this.queue = queue;
	}

	@Override
	public Optional<TaskInfo> find(String id) {
		return RedisQueueAdapter.told(() -> search(id));
	}

	private Optional<TaskInfo> search(String id) {
		List<RedisChannel> channels = List.copyOf(this.adapter.channels().known());
		List<CompletableFuture<List<Object>>> sent = channels.stream()
			.map((channel) -> this.queue.server()
				.send(this.queue.scripts().find, channel.keys().all("find"), RedisNames.bytes(id)))
			.toList();
		this.queue.server().await(CompletableFuture.allOf(sent.toArray(CompletableFuture<?>[]::new)));
		for (int i = 0; i < channels.size(); i++) {
			List<Object> found = sent.get(i).join();
			if (!found.isEmpty()) {
				return Optional.of(info(id, channels.get(i).name(), found));
			}
		}
		return Optional.empty();
	}

	@Override
	public boolean cancel(String id) {
		return RedisQueueAdapter
			.told(() -> this.adapter.channels().known().stream().anyMatch((channel) -> channel.changes().cancel(id)));
	}

	@Override
	public Backlog backlog(String channel) {
		List<Object> answer = RedisQueueAdapter.told(() -> this.queue.server()
			.run(this.queue.scripts().backlog, this.adapter.channels().channel(channel).keys().all("backlog")));
		Optional<Instant> oldest = answer.stream()
			.skip(1)
			.filter((published) -> published != null)
			.map((published) -> Instant.ofEpochMilli(Long.parseLong(RedisNames.text(published))))
			.min(Instant::compareTo);
		return new Backlog((Long) answer.get(0), oldest);
	}

	@Override
	public List<DeadLetter> deadLetters(String channel, int atMost) {
		List<Object> answer = RedisQueueAdapter.told(() -> this.queue.server()
			.run(this.queue.scripts().letters, this.adapter.channels().channel(channel).keys().all("letters"),
					RedisNames.bytes(atMost)));
		List<DeadLetter> letters = new ArrayList<>(answer.size() / 2);
		for (int i = 0; i < answer.size(); i += 2) {
			letters.add(StoredLetter.of((byte[]) answer.get(i + 1)).letter(RedisNames.text(answer.get(i))));
		}
		return letters;
	}

	@Override
	public boolean retryDead(String id) {
		return changeDead(true, id);
	}

	@Override
	public boolean discardDead(String id) {
		return changeDead(false, id);
	}

	private boolean changeDead(boolean retry, String id) {
		return RedisQueueAdapter.told(() -> this.adapter.channels()
			.known()
			.stream()
			.anyMatch((channel) -> channel.changes().dead(retry, 1, id) > 0));
	}

	private static TaskInfo info(String id, String channel, List<Object> found) {
		char state = (char) ((byte[]) found.get(0))[0];
		if (state == 'X') {
			StoredLetter letter = StoredLetter.of((byte[]) found.get(1));
			return new TaskInfo(id, channel, false, TaskState.DEAD, letter.attempts(), 0, 0,
					letter.task().publishedAt(), letter.error());
		}
		if (state == 'D' || state == 'C') {
			String[] over = RedisNames.text(found.get(1)).split(";", 5);
			return new TaskInfo(id, channel, false, (state == 'D') ? TaskState.SUCCEEDED : TaskState.CANCELED,
					Integer.parseInt(over[0]), Long.parseLong(over[1]), Long.parseLong(over[2]),
					Instant.ofEpochMilli(Long.parseLong(over[3])), over[4].isEmpty() ? null : over[4]);
		}
		StoredTask task = StoredTask.of((byte[]) found.get(1));
		String[] progress = RedisNames.text(found.get(2)).split(";");
		boolean isTold = progress.length == 2;
		return new TaskInfo(id, channel, false, live(state), task.failures() + ((state == 'R') ? 1 : 0),
				isTold ? Long.parseLong(progress[0]) : 0, isTold ? Long.parseLong(progress[1]) : 0, task.publishedAt(),
				task.error().isEmpty() ? null : task.error());
	}

	private static TaskState live(char state) {
		return switch (state) {
			case 'R' -> TaskState.RUNNING;
			case 'L' -> TaskState.DELAYED;
			default -> TaskState.WAITING;
		};
	}

}
