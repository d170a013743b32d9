package com.nocobase.cluster.sample.sort;

import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

import com.nocobase.cluster.sample.datasource.SchemaNames;
import com.nocobase.cluster.sample.web.ProblemException;

/**
 * Records over HTTP.
 */
@RestController
class RecordController {

	private final SortPlugin sort;

	RecordController(SortPlugin sort) {
		this.sort = sort;
	}

	@PostMapping("/api/records/{collection}")
	SortedRecord insert(@PathVariable String collection, @RequestBody(required = false) @Nullable ObjectNode body) {
		SchemaNames.check(collection);
		try {
			return this.sort.insert(collection, Objects.toString(body, "{}"));
		}
		catch (DuplicateKeyException ex) {
			throw new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "Another record took the same place; try again",
					ex);
		}
		catch (DataIntegrityViolationException ex) {
			throw new ProblemException(HttpStatus.NOT_FOUND, "There is no " + collection, ex);
		}
	}

}
