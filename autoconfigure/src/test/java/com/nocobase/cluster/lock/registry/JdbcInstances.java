package com.nocobase.cluster.lock.registry;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.io.ClassPathResource;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.integration.jdbc.lock.LockRepository;
import org.springframework.integration.support.locks.LockRegistry;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.LockAutoConfiguration;

/**
 * Contexts that keep their locks in one database, each with a connection of its own.
 */
final class JdbcInstances {

	/** So many that two keys of a test hardly ever share a local lock. */
	private static final int LOCAL_LOCKS = 0xFFFFF;

	private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

	JdbcInstances() {
		new ResourceDatabasePopulator(new ClassPathResource("org/springframework/integration/jdbc/schema-h2.sql"))
			.execute(new DriverManagerDataSource(this.url));
	}

	ConfigurableApplicationContext start(String... properties) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues.of("nocobase.cluster.lock.adapter=ours").and(properties).applyTo(context);
		context.registerBean(HikariDataSource.class, this::pool);
		context.registerBean(Line.class, () -> new Line(context.getBean(HikariDataSource.class)));
		context.registerBean(DefaultLockRepository.class, () -> repository(context.getBean(Line.class)));
		context.registerBean("ours", LockRegistry.class, () -> registry(context.getBean(LockRepository.class)));
		context.register(ClusterAutoConfiguration.class, LockAutoConfiguration.class);
		context.refresh();
		return Warm.up(context);
	}

	private HikariDataSource pool() {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(this.url);
		return pool;
	}

	private static DefaultLockRepository repository(DataSource database) {
		DefaultLockRepository repository = new DefaultLockRepository(database);
		repository.setTransactionManager(new JdbcTransactionManager(database));
		return repository;
	}

	private static JdbcLockRegistry registry(LockRepository repository) {
		JdbcLockRegistry registry = new JdbcLockRegistry(repository);
		registry.setCacheCapacity(LOCAL_LOCKS);
		return registry;
	}

	void crash(ConfigurableApplicationContext context) {
		context.getBean(Line.class).cut = true;
	}

	private static final class Line extends DelegatingDataSource {

		private volatile boolean cut;

		Line(DataSource database) {
			super(database);
		}

		@Override
		public Connection getConnection() throws SQLException {
			if (this.cut) {
				throw new SQLException("The line is cut");
			}
			return super.getConnection();
		}

	}

}
