package com.nocobase.cluster.rabbit;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.GenericApplicationContext;

import com.nocobase.cluster.redis.TcpProxy;

import static org.awaitility.Awaitility.await;

/**
 * The network between one instance and the nodes of a broker.
 */
public final class RabbitNetwork {

	private static final Set<String> DECLARED = ConcurrentHashMap.newKeySet();

	private static final int NOT_FOUND = 404;

	private final List<TcpProxy> proxies;

	private final String broker;

	private final String addresses;

	private RabbitNetwork(List<TcpProxy> proxies, String broker, String addresses) {
		this.proxies = proxies;
		this.broker = broker;
		this.addresses = addresses;
	}

	/**
	 * Opens a network to the server that tests share.
	 * @return the network
	 */
	public static RabbitNetwork toShared() {
		TestRabbit rabbit = TestRabbit.shared();
		TcpProxy proxy = TcpProxy.to(rabbit.host(), rabbit.port());
		return new RabbitNetwork(List.of(proxy), rabbit.address(), rabbit.address(proxy.host(), proxy.port()));
	}

	/**
	 * Opens a network to some nodes.
	 * @param nodes the nodes
	 * @return the network
	 */
	public static RabbitNetwork to(List<RabbitProcess> nodes) {
		List<TcpProxy> proxies = nodes.stream().map((node) -> TcpProxy.to(node.host(), node.port())).toList();
		return new RabbitNetwork(proxies, nodes.get(0).url(),
				proxies.stream()
					.map((proxy) -> "amqp://guest:guest@" + proxy.host() + ":" + proxy.port())
					.collect(Collectors.joining(",")));
	}

	/**
	 * Returns what {@code spring.rabbitmq.addresses} takes.
	 * @return the addresses
	 */
	public String addresses() {
		return this.addresses;
	}

	/**
	 * Remembers what an instance declares, to delete it.
	 * @param context its context
	 */
	public static void watch(GenericApplicationContext context) {
		context.addApplicationListener((ContextClosedEvent event) -> remember(event.getApplicationContext()));
	}

	/**
	 * Deletes what the instances of all networks to the shared server have declared.
	 */
	public static void deleteDeclared() {
		TestRabbit.shared().delete(DECLARED);
		DECLARED.clear();
	}

	/**
	 * Returns how many connections are open.
	 * @return the number
	 */
	public int connections() {
		return this.proxies.stream().mapToInt(TcpProxy::connections).sum();
	}

	public void killConnections() {
		this.proxies.forEach(TcpProxy::killConnections);
	}

	/**
	 * Cuts the instance off for good.
	 */
	public void cutOff() {
		this.proxies.forEach(TcpProxy::cut);
	}

	/**
	 * Cuts the instance off for good, and waits until the broker has noticed.
	 * @param exclusive a queue that ends with the instance's connection
	 */
	public void cutOff(String exclusive) {
		cutOff();
		try (Connection connection = TestRabbit.connect(this.broker)) {
			await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10)).until(() -> {
				Channel channel = connection.createChannel();
				try {
					channel.queueDeclarePassive(exclusive);
					return false;
				}
				catch (IOException ex) {
					return String.valueOf(ex.getCause()).contains("reply-code=" + NOT_FOUND);
				}
			});
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void remember(ApplicationContext context) {
		context.getBeanProvider(RabbitServers.class)
			.stream()
			.flatMap((servers) -> servers.all().stream())
			.forEach((server) -> DECLARED.addAll(server.declaredQueues()));
	}

}
