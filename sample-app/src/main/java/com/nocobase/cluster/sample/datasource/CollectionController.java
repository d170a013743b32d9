package com.nocobase.cluster.sample.datasource;

import java.time.Duration;
import java.util.List;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

import com.nocobase.cluster.sync.SyncReceipt;

/**
 * Collections and fields over HTTP.
 */
@RestController
@RequestMapping("/api/collections")
class CollectionController {

	private final DataSourcePlugin dataSource;

	private final Schema schema;

	CollectionController(DataSourcePlugin dataSource, Schema schema) {
		this.dataSource = dataSource;
		this.schema = schema;
	}

	@GetMapping
	List<CollectionSchema> collections() {
		return this.schema.collections();
	}

	@PostMapping
	ResponseEntity<Applied> createCollection(@RequestBody NewName created, ChangeOptions options) {
		boolean rollback = options.checked().rolledBack();
		return answer(this.dataSource.createCollection(created.name(), rollback), options);
	}

	@DeleteMapping("/{collection}")
	ResponseEntity<Applied> removeCollection(@PathVariable String collection, ChangeOptions options) {
		boolean rollback = options.checked().rolledBack();
		return answer(this.dataSource.removeCollection(SchemaNames.check(collection), rollback), options);
	}

	@PostMapping("/{collection}/fields")
	ResponseEntity<Applied> addField(@PathVariable String collection, @RequestBody NewName created,
			ChangeOptions options) {
		boolean rollback = options.checked().rolledBack();
		return answer(this.dataSource.addField(SchemaNames.check(collection), created.name(), rollback), options);
	}

	@DeleteMapping("/{collection}/fields/{field}")
	ResponseEntity<Applied> removeField(@PathVariable String collection, @PathVariable String field,
			ChangeOptions options) {
		boolean rollback = options.checked().rolledBack();
		return answer(this.dataSource.removeField(SchemaNames.check(collection), SchemaNames.check(field), rollback),
				options);
	}

	private ResponseEntity<Applied> answer(SyncReceipt receipt, ChangeOptions options) {
		Duration await = options.await();
		return (await != null) ? ResponseEntity.ok(this.dataSource.awaitApplied(receipt, await))
				: ResponseEntity.noContent().build();
	}

	/**
	 * A collection or a field that is to be.
	 */
	record NewName(String name) {

		NewName {
			SchemaNames.check(name);
		}

	}

}
