package com.nocobase.cluster.sample;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * The PostgreSQL that tests share. It is, in this order: the one that the system property
 * {@code test.postgresql.url} or the variable {@code TEST_POSTGRESQL_URL} names, a
 * container, the machine's own programs on a port of their own, or the server on port
 * 5432.
 * <p>
 * It may be somebody's: each test has a {@link TestSchema} of its own.
 */
final class TestPostgreSql {

	private static final String MISSING = "The tests need a PostgreSQL: install it, start Docker, or set "
			+ "TEST_POSTGRESQL_URL to an address such as jdbc:postgresql://localhost:5432/test?user=postgres";

	private static final int PORT = 5432;

	private static final String PASSWORD = "test";

	private final String url;

	private TestPostgreSql(String url) {
		this.url = url;
	}

	/**
	 * Returns the server, which is looked for once.
	 * @return the one of this JVM
	 * @throws IllegalStateException if there is none
	 */
	static TestPostgreSql shared() {
		return Holder.SHARED;
	}

	/**
	 * Returns the address.
	 * @param parameters parameters to add
	 * @return a JDBC address with the user and, if there is one, the password
	 */
	String url(String... parameters) {
		String joined = String.join("&", parameters);
		return joined.isEmpty() ? this.url : this.url + (this.url.contains("?") ? '&' : '?') + joined;
	}

	private boolean answers() {
		try {
			JdbcClient.create(new DriverManagerDataSource(this.url)).sql("select 1").query(Integer.class).single();
			return true;
		}
		catch (RuntimeException ex) {
			return false;
		}
	}

	private static TestPostgreSql find() {
		return named().or(TestPostgreSql::container)
			.or(TestPostgreSql::process)
			.or(TestPostgreSql::local)
			.orElseThrow(() -> new IllegalStateException(MISSING));
	}

	private static Optional<TestPostgreSql> named() {
		return Optional.ofNullable(System.getProperty("test.postgresql.url", System.getenv("TEST_POSTGRESQL_URL")))
			.map(TestPostgreSql::new);
	}

	/**
	 * Asks the library only where an engine is likely: without one it takes its time and
	 * logs an error.
	 */
	private static Optional<TestPostgreSql> container() {
		boolean likely = System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
		if (!likely || !DockerClientFactory.instance().isDockerAvailable()) {
			return Optional.empty();
		}
		GenericContainer<?> container = new GenericContainer<>("postgres:16-alpine").withExposedPorts(PORT)
			.withEnv("POSTGRES_PASSWORD", PASSWORD)
			.waitingFor(Wait.forLogMessage(".*ready to accept connections.*\\s", 2));
		container.start();
		return Optional.of(at(container.getHost(), container.getMappedPort(PORT), "postgres", "&password=" + PASSWORD));
	}

	private static Optional<TestPostgreSql> process() {
		return PostgreSqlProcess.start().map((server) -> at(PostgreSqlProcess.HOST, server.port(), "postgres", ""));
	}

	private static Optional<TestPostgreSql> local() {
		return Optional.of(at("localhost", PORT, "test", "")).filter(TestPostgreSql::answers);
	}

	private static TestPostgreSql at(String host, int port, String database, String more) {
		return new TestPostgreSql("jdbc:postgresql://%s:%d/%s?user=postgres%s".formatted(host, port, database, more));
	}

	/**
	 * Found at the first use, by one thread.
	 */
	private static final class Holder {

		static final TestPostgreSql SHARED = find();

	}

}
