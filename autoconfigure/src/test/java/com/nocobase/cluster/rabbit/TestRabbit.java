package com.nocobase.cluster.rabbit;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * The RabbitMQ that tests share. It is, in this order: the one that the system property
 * {@code test.rabbit.url} or the variable {@code TEST_RABBIT_URL} names, a container, a
 * node of the machine's {@code rabbitmq-server} with a port of its own, or the server on
 * port 5672.
 * <p>
 * It may be somebody's: use fresh names, delete what was declared, never stop it.
 */
public final class TestRabbit {

	static final String MISSING = "The tests need a RabbitMQ: install rabbitmq-server, start Docker, "
			+ "or set TEST_RABBIT_URL to an address such as amqp://guest:guest@localhost:5672";

	private static final int PORT = 5672;

	private final URI address;

	private final boolean ours;

	private TestRabbit(String address, boolean ours) {
		this.address = URI.create(address);
		this.ours = ours;
	}

	/**
	 * Returns the server, which is looked for once.
	 * @return the one of this JVM
	 * @throws IllegalStateException if there is none
	 */
	public static TestRabbit shared() {
		return Holder.SHARED;
	}

	public String host() {
		return this.address.getHost();
	}

	public int port() {
		return (this.address.getPort() != -1) ? this.address.getPort() : PORT;
	}

	/**
	 * Returns the address of this server with another host and port.
	 * @param host the host
	 * @param port the port
	 * @return what {@code spring.rabbitmq.addresses} takes
	 */
	public String address(String host, int port) {
		String user = (this.address.getUserInfo() != null) ? this.address.getUserInfo() + "@" : "";
		return this.address.getScheme() + "://" + user + host + ":" + port
				+ Optional.ofNullable(this.address.getPath()).orElse("");
	}

	public String address() {
		return address(host(), port());
	}

	/**
	 * Deletes queues of a test, unless the server ends with the JVM anyhow.
	 * @param queues their names
	 */
	public void delete(Collection<String> queues) {
		if (this.ours) {
			return;
		}
		try (Connection connection = connect(); Channel channel = connection.createChannel()) {
			for (String queue : queues) {
				channel.queueDelete(queue);
			}
		}
		catch (IOException | TimeoutException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Opens a connection of the test's own.
	 * @return the open connection
	 */
	public Connection connect() {
		return connect(address());
	}

	/**
	 * Opens a connection of the test's own.
	 * @param address where to
	 * @return the open connection
	 */
	public static Connection connect(String address) {
		try {
			ConnectionFactory factory = new ConnectionFactory();
			factory.setUri(address);
			factory.setAutomaticRecoveryEnabled(false);
			return factory.newConnection();
		}
		catch (IOException | TimeoutException | URISyntaxException | GeneralSecurityException ex) {
			throw new IllegalStateException("RabbitMQ cannot be reached at " + address, ex);
		}
	}

	private static TestRabbit find() {
		return named().or(TestRabbit::container)
			.or(TestRabbit::process)
			.or(TestRabbit::local)
			.orElseThrow(() -> new IllegalStateException(MISSING));
	}

	private static Optional<TestRabbit> named() {
		return Optional.ofNullable(System.getProperty("test.rabbit.url", System.getenv("TEST_RABBIT_URL")))
			.map((url) -> new TestRabbit(url, false));
	}

	/**
	 * Asks the library only where an engine is likely: without one it takes its time and
	 * logs an error.
	 */
	private static Optional<TestRabbit> container() {
		boolean likely = System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
		if (!likely || !DockerClientFactory.instance().isDockerAvailable()) {
			return Optional.empty();
		}
		GenericContainer<?> container = new GenericContainer<>("rabbitmq:4.1-alpine").withExposedPorts(PORT)
			.waitingFor(Wait.forLogMessage(".*Server startup complete.*", 1).withStartupTimeout(Duration.ofMinutes(2)));
		container.start();
		return Optional.of(at(container.getHost(), container.getMappedPort(PORT), true));
	}

	private static Optional<TestRabbit> process() {
		return RabbitProcess.binary()
			.map((binary) -> RabbitProcess.start())
			.map((node) -> at(node.host(), node.port(), true));
	}

	private static Optional<TestRabbit> local() {
		TestRabbit local = at("localhost", PORT, false);
		try (Connection connection = local.connect()) {
			return connection.isOpen() ? Optional.of(local) : Optional.empty();
		}
		catch (IOException | IllegalStateException ex) {
			return Optional.empty();
		}
	}

	private static TestRabbit at(String host, int port, boolean ours) {
		return new TestRabbit("amqp://guest:guest@" + host + ":" + port, ours);
	}

	/**
	 * Found at the first use, by one thread.
	 */
	private static final class Holder {

		static final TestRabbit SHARED = find();

	}

}
