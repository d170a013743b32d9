package com.nocobase.cluster.sample.sort;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The table of records.
 */
@Repository
class Records {

	private final JdbcClient jdbc;

	Records(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	long nextSort(String collection) {
		return this.jdbc.sql("select coalesce(max(sort), 0) + 1 from records where collection = ?")
			.param(collection)
			.query(Long.class)
			.single();
	}

	void insert(long id, String collection, long sort, String body) {
		this.jdbc.sql("insert into records (id, collection, sort, body) values (?, ?, ?, ?)")
			.params(id, collection, sort, body)
			.update();
	}

}
