package com.nocobase.cluster.sample.task;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * The table of tasks. Every change of a row is one conditional update that answers
 * whether it was made, so that of two who change it at the same time one finds that it
 * came too late.
 * <ul>
 * <li>A task that is over is not started. One that runs is: its instance died.</li>
 * <li>The run that was started last owns the row; an older one can only finish.</li>
 * <li>Every run that finishes is counted, so that what was done twice is seen. One that
 * was cancelled before does not finish.</li>
 * </ul>
 */
@Repository
class Tasks {

	private static final String SELECT = """
			select id, status, done, total, attempts, executions, instance_id from tasks
			""";

	private final JdbcClient jdbc;

	private final JdbcOperations batches;

	Tasks(JdbcClient jdbc, JdbcOperations batches) {
		this.jdbc = jdbc;
		this.batches = batches;
	}

	List<Task> find(@Nullable TaskStatus status) {
		return this.jdbc.sql(SELECT + "where status = coalesce(?, status) order by id")
			.param((status != null) ? status.name() : null)
			.query(new SimplePropertyRowMapper<>(Task.class))
			.list();
	}

	Optional<Task> find(String id) {
		return this.jdbc.sql(SELECT + "where id = ?").param(id).query(Task.class).optional();
	}

	void insert(List<String> ids, NewTask task) {
		this.batches.batchUpdate("""
				insert into tasks (id, status, done, total, attempts, executions, step_millis, failures, max_retries)
				values (?, 'PENDING', 0, ?, 0, 0, ?, ?, ?)
				""", ids.stream()
			.map((id) -> new Object[] { id, task.total(), task.stepMillis(), task.failures(), task.maxRetries() })
			.toList());
	}

	@Transactional
	Optional<TaskRun> start(String id, String instanceId) {
		this.jdbc.sql("""
				update tasks set status = 'RUNNING', done = 0, attempts = attempts + 1, instance_id = ?
				where id = ? and status in ('PENDING', 'RUNNING')
				""").params(instanceId, id).update();
		return this.jdbc.sql("""
				select id, attempts, total, step_millis, failures, max_retries from tasks
				where id = ? and status = 'RUNNING'
				""").param(id).query(TaskRun.class).optional();
	}

	boolean progress(TaskRun run, int done) {
		return this.jdbc.sql("update tasks set done = ? where id = ? and attempts = ? and status = 'RUNNING'")
			.params(done, run.id(), run.attempts())
			.update() > 0;
	}

	boolean finish(TaskRun run) {
		return this.jdbc.sql("""
				update tasks set status = 'SUCCEEDED', executions = executions + 1
				where id = ? and status <> 'CANCELED'
				""").param(run.id()).update() > 0;
	}

	boolean stop(TaskRun run, TaskStatus status) {
		return this.jdbc.sql("update tasks set status = ? where id = ? and attempts = ? and status = 'RUNNING'")
			.params(status.name(), run.id(), run.attempts())
			.update() > 0;
	}

	boolean cancel(String id) {
		return this.jdbc.sql("update tasks set status = 'CANCELED' where id = ? and status in ('PENDING', 'RUNNING')")
			.param(id)
			.update() > 0;
	}

}
