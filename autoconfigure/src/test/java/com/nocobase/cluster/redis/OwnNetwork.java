package com.nocobase.cluster.redis;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import io.lettuce.core.internal.HostAndPort;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DnsResolvers;
import io.lettuce.core.resource.MappingSocketAddressResolver;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;

/**
 * The network of one instance, a bean of its context: every server that it connects to,
 * each node of a Redis Cluster too, is reached through a proxy of its own.
 */
public final class OwnNetwork implements ClientResourcesBuilderCustomizer, AutoCloseable {

	private final Map<HostAndPort, TcpProxy> proxies = new ConcurrentHashMap<>();

	private volatile boolean cut;

	@Override
	public void customize(ClientResources.Builder builder) {
		builder.socketAddressResolver(MappingSocketAddressResolver.create(DnsResolvers.UNRESOLVED, this::proxied));
	}

	private HostAndPort proxied(HostAndPort server) {
		TcpProxy proxy = this.proxies.computeIfAbsent(server, (target) -> {
			TcpProxy opened = TcpProxy.to(target.getHostText(), target.getPort());
			if (this.cut) {
				opened.cut();
			}
			return opened;
		});
		return HostAndPort.of(proxy.host(), proxy.port());
	}

	/**
	 * Returns the only proxy of an instance that is connected to one server.
	 * @return the proxy
	 */
	public TcpProxy proxy() {
		return this.proxies.values().stream().findFirst().orElseThrow();
	}

	/**
	 * Returns the proxy to one of the servers that an instance is connected to.
	 * @param host host of the server
	 * @param port port of the server
	 * @return the proxy
	 */
	public TcpProxy proxy(String host, int port) {
		return Objects.requireNonNull(this.proxies.get(HostAndPort.of(host, port)));
	}

	/**
	 * Cuts the instance off for ever, as if its machine had died.
	 */
	public void cut() {
		this.cut = true;
		this.proxies.values().forEach(TcpProxy::cut);
	}

	@Override
	public void close() {
		this.proxies.values().forEach(TcpProxy::close);
	}

}
