package com.nocobase.cluster.sample;

import java.time.Duration;
import java.util.List;

import javax.sql.DataSource;

import org.springframework.boot.jdbc.autoconfigure.ApplicationDataSourceScriptDatabaseInitializer;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.jdbc.datasource.init.ScriptStatementFailedException;
import org.springframework.stereotype.Component;

/**
 * Creates missing tables at the start. Several instances may do so at once: in PostgreSQL
 * {@code create table if not exists} fails for all but one of them, and is then tried
 * again.
 */
@Component
class Tables extends ApplicationDataSourceScriptDatabaseInitializer {

	private final RetryTemplate retry = new RetryTemplate(RetryPolicy.builder()
		.includes(ScriptStatementFailedException.class)
		.maxRetries(10)
		.delay(Duration.ofMillis(50))
		.jitter(Duration.ofMillis(50))
		.build());

	Tables(DataSource dataSource) {
		super(dataSource, settings());
	}

	@Override
	protected void runScripts(Scripts scripts) {
		this.retry.invoke(() -> super.runScripts(scripts));
	}

	private static DatabaseInitializationSettings settings() {
		DatabaseInitializationSettings settings = new DatabaseInitializationSettings();
		settings.setSchemaLocations(List.of("classpath:schema.sql"));
		settings.setMode(DatabaseInitializationMode.ALWAYS);
		return settings;
	}

}
