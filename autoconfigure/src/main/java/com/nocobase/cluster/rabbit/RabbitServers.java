package com.nocobase.cluster.rabbit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.ClusterConfigurationException;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * The servers that the capabilities of this instance use, one for each connection factory
 * that they name.
 */
public final class RabbitServers {

	private final ListableBeanFactory beans;

	private final Instance instance;

	private final ClusterRuntime runtime;

	/** Guarded by this. */
	private final Map<ConnectionFactory, RabbitServer> servers = new LinkedHashMap<>();

	RabbitServers(ListableBeanFactory beans, Instance instance, ClusterRuntime runtime) {
		this.beans = beans;
		this.instance = instance;
		this.runtime = runtime;
	}

	/**
	 * Returns the server of a connection factory. Called while beans are created, so that
	 * the server is started before whoever uses it.
	 * @param property the property that names the factory, for the error message
	 * @param factory name of the bean, or {@code null} for the application's own one
	 * @return the server, the same for each who names that factory
	 * @throws ClusterConfigurationException if there is no such factory
	 */
	public RabbitServer server(String property, @Nullable String factory) {
		Map<String, ConnectionFactory> candidates = BeanFactoryUtils.beansOfTypeIncludingAncestors(this.beans,
				ConnectionFactory.class);
		ConnectionFactory found = (factory != null) ? candidates.get(factory)
				: this.beans.getBeanProvider(ConnectionFactory.class).getIfUnique();
		if (found == null) {
			throw new ClusterConfigurationException(
					(factory != null)
							? "%s is '%s', but there is no such ConnectionFactory of RabbitMQ".formatted(property,
									factory)
							: "There is not one ConnectionFactory of RabbitMQ to use, but " + candidates.keySet(),
					"Set %s to the name of a bean of type %s, or define one.".formatted(property,
							ConnectionFactory.class.getName()));
		}
		synchronized (this) {
			return this.servers.computeIfAbsent(found, (key) -> new RabbitServer(key, this.instance, this.runtime));
		}
	}

	void start() {
		List<RabbitServer> started = new ArrayList<>();
		try {
			for (RabbitServer server : all()) {
				started.add(server);
				server.start();
			}
		}
		catch (RuntimeException ex) {
			started.forEach(RabbitServer::stop);
			throw ex;
		}
	}

	void stop() {
		all().forEach(RabbitServer::stop);
	}

	synchronized List<RabbitServer> all() {
		return new ArrayList<>(this.servers.values());
	}

}
