package com.nocobase.cluster.sample;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * A schema of a test's own in the shared PostgreSQL. Closing drops it.
 */
final class TestSchema implements AutoCloseable {

	private final String name = "sample_" + UUID.randomUUID().toString().replace("-", "");

	private final JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(url()));

	TestSchema() {
		this.jdbc.sql("create schema " + this.name).update();
	}

	String url() {
		return TestPostgreSql.shared().url("currentSchema=" + this.name);
	}

	List<Long> sorts(String collection) {
		return this.jdbc.sql("select sort from records where collection = ? order by sort")
			.param(collection)
			.query((row, number) -> row.getLong("sort"))
			.list();
	}

	/**
	 * Lets every insert into a collection wait within its statement.
	 * @param collection name of the collection
	 * @return an open transaction that has the row which each insert refers to; closing
	 * lets them go on
	 */
	Connection holdInserts(String collection) throws SQLException {
		Connection connection = DriverManager.getConnection(url());
		connection.setAutoCommit(false);
		JdbcClient.create(new SingleConnectionDataSource(connection, true))
			.sql("select name from collections where name = ? for update")
			.param(collection)
			.query(String.class)
			.single();
		return connection;
	}

	/**
	 * Tells whether any insert waits for another transaction.
	 * @return whether one does
	 */
	boolean isInsertWaiting() {
		return this.jdbc.sql("""
				select exists (select 1 from pg_locks waiting join pg_locks inserting using (pid)
				where not waiting.granted and inserting.relation = 'records'::regclass)
				""").query(Boolean.class).single();
	}

	@Override
	public void close() {
		this.jdbc.sql("drop schema %s cascade".formatted(this.name)).update();
	}

}
