package com.nocobase.cluster.tx;

import java.util.UUID;
import java.util.function.Consumer;

import org.h2.jdbcx.JdbcDataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Real transactions on an H2 of its own.
 */
public final class TestDatabase {

	private final JdbcTransactionManager manager;

	private final JdbcTemplate jdbc;

	public TestDatabase() {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		this.manager = new JdbcTransactionManager(dataSource);
		this.jdbc = new JdbcTemplate(dataSource);
		this.jdbc.execute("create table item (name varchar(50))");
	}

	public void inTransaction(Consumer<TransactionStatus> body) {
		inTransaction(TransactionDefinition.PROPAGATION_REQUIRED, body);
	}

	public void inTransaction(int propagation, Consumer<TransactionStatus> body) {
		template(propagation).executeWithoutResult(body);
	}

	public TransactionTemplate template(int propagation) {
		TransactionTemplate template = new TransactionTemplate(this.manager);
		template.setPropagationBehavior(propagation);
		return template;
	}

	public JdbcTransactionManager manager() {
		return this.manager;
	}

	public JdbcTemplate jdbc() {
		return this.jdbc;
	}

}
