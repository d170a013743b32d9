package com.nocobase.cluster.queue.redis;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * When which task was run. Safe from any thread.
 */
final class TaskRuns {

	/** What a settling call, and a clock, may take on a busy machine. */
	private static final long SLACK = Duration.ofMillis(300).toNanos();

	private final Map<Integer, Queue<Run>> runs = new ConcurrentHashMap<>();

	void ran(int task, Object instance, long begun) {
		this.runs.computeIfAbsent(task, (key) -> new ConcurrentLinkedQueue<>())
			.add(new Run(instance, begun, System.nanoTime()));
	}

	boolean isDone(int task) {
		return this.runs.containsKey(task);
	}

	int size() {
		return this.runs.size();
	}

	List<Integer> doubled() {
		return this.runs.entrySet()
			.stream()
			.filter((each) -> each.getValue().size() > 1)
			.map(Map.Entry::getKey)
			.toList();
	}

	/**
	 * Returns the tasks that may not have been settled yet at some moment of a fault.
	 * @param instances whom it has hit
	 * @param from its begin
	 * @param to its end
	 * @return tasks with a run that was under way, or had just ended
	 */
	List<Integer> unsettled(Collection<?> instances, long from, long to) {
		return this.runs.entrySet()
			.stream()
			.filter((each) -> each.getValue()
				.stream()
				.anyMatch((run) -> instances.contains(run.instance) && run.ended - from > -SLACK
						&& run.begun - to < SLACK))
			.map(Map.Entry::getKey)
			.toList();
	}

	/**
	 * One run.
	 *
	 * @param instance who ran it
	 * @param begun when its handler was called
	 * @param ended when it returned
	 */
	private record Run(Object instance, long begun, long ended) {

	}

}
