package com.nocobase.cluster.sample.task;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import com.nocobase.cluster.sample.web.ProblemException;

/**
 * Tasks over HTTP.
 */
@RestController
@RequestMapping("/api/tasks")
class TaskController {

	private final TaskPlugin plugin;

	private final Tasks tasks;

	TaskController(TaskPlugin plugin, Tasks tasks) {
		this.plugin = plugin;
		this.tasks = tasks;
	}

	@PostMapping
	@ResponseStatus(HttpStatus.ACCEPTED)
	Created create(@RequestBody NewTask task) {
		return new Created(this.plugin.create(task, 1).get(0));
	}

	@PostMapping("/batch")
	@ResponseStatus(HttpStatus.ACCEPTED)
	CreatedBatch create(@RequestBody NewBatch batch) {
		return new CreatedBatch(this.plugin.create(batch.task(), batch.count()));
	}

	@GetMapping
	List<Task> find(@RequestParam(required = false) @Nullable TaskStatus status) {
		return this.tasks.find(status);
	}

	@GetMapping("/{id}")
	Task find(@PathVariable String id) {
		return this.tasks.find(id)
			.orElseThrow(() -> new ProblemException(HttpStatus.NOT_FOUND, "There is no task " + id));
	}

	@DeleteMapping("/{id}")
	@ResponseStatus(HttpStatus.ACCEPTED)
	Canceled cancel(@PathVariable String id) {
		return new Canceled(this.plugin.cancel(id));
	}

	record Created(String id) {

	}

	record CreatedBatch(List<String> ids) {

	}

	record Canceled(boolean delivered) {

	}

}
