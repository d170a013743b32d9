package com.nocobase.cluster.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * The network between an application and a Redis server, and what can go wrong with it.
 * Passes everything on until told otherwise.
 * <p>
 * Replies are told apart by counting, which does not work on connections that subscribe
 * in RESP2.
 */
public final class TcpProxy implements AutoCloseable {

	private static final Duration SILENCE = Duration.ofMinutes(10);

	private static final int CONNECT_MILLIS = 5000;

	private final InetSocketAddress target;

	private final AsyncTaskExecutor threads = daemons();

	private final Set<TcpProxyConnection> connections = ConcurrentHashMap.newKeySet();

	private final AtomicReference<@Nullable Drop> drop = new AtomicReference<>();

	private final AtomicInteger dropped = new AtomicInteger();

	private final int port;

	private volatile CountDownLatch open = new CountDownLatch(0);

	private Listener listener;

	private TcpProxy(String host, int port) {
		this.target = new InetSocketAddress(host, port);
		this.listener = listen(FreePorts.next());
		this.port = this.listener.socket().getLocalPort();
	}

	/**
	 * Opens a port that leads to a server.
	 * @param host host of the server
	 * @param port port of the server
	 * @return the open proxy
	 */
	public static TcpProxy to(String host, int port) {
		return new TcpProxy(host, port);
	}

	public String host() {
		return RedisProcess.HOST;
	}

	public int port() {
		return this.port;
	}

	public String url() {
		return "redis://" + host() + ":" + this.port;
	}

	/**
	 * Returns the settings with which a Spring Boot application reaches the server
	 * through here; a password is not among them.
	 * @return pairs {@code name=value}
	 */
	public String[] properties() {
		return new String[] { "spring.data.redis.host=" + host(), "spring.data.redis.port=" + this.port };
	}

	/**
	 * Closes all connections and refuses new ones.
	 */
	public void cut() {
		stopListening();
		killConnections();
	}

	/**
	 * Accepts connections again after {@link #cut}.
	 */
	public void restore() {
		this.listener = listen(this.port);
	}

	/**
	 * Closes all connections; new ones are accepted.
	 */
	public void killConnections() {
		this.connections.forEach(TcpProxyConnection::close);
	}

	/**
	 * Lets nothing through in either direction, while connections stay open and new ones
	 * seem to succeed. As with lost packets, what was sent arrives after {@link #resume}.
	 */
	public void silence() {
		if (this.open.getCount() == 0) {
			this.open = new CountDownLatch(1);
		}
	}

	/**
	 * Lets everything through again after {@link #silence}.
	 */
	public void resume() {
		this.open.countDown();
	}

	/**
	 * Loses the reply to the next request: the server executes it and answers, then the
	 * client's connection is closed. A client that connects sends requests of its own.
	 */
	public void dropNextReply() {
		dropReplies(1, (request) -> true);
	}

	/**
	 * Loses the reply to the next request that contains a text.
	 * @param text name of a command, a key or any other argument
	 * @see #dropNextReply()
	 */
	public void dropNextReply(String text) {
		dropReplies(1, (request) -> request.contains(text));
	}

	/**
	 * Loses the replies to some requests, in place of those that it was told before.
	 * @param times how many replies, each with its connection
	 * @param request which requests, as they are on the wire
	 * @see #dropNextReply()
	 */
	public void dropReplies(int times, Predicate<String> request) {
		this.drop.set(new Drop(new AtomicInteger(times), request));
	}

	/**
	 * Loses no more replies.
	 */
	public void dropNothing() {
		this.drop.set(null);
	}

	/**
	 * Returns how many replies are lost.
	 * @return since the start
	 */
	public int dropped() {
		return this.dropped.get();
	}

	/**
	 * Returns how many connections are open.
	 * @return the number
	 */
	public int connections() {
		return this.connections.size();
	}

	@Override
	public void close() {
		cut();
		resume();
	}

	/**
	 * Waits as long as nothing is let through.
	 * @throws IOException if that lasts longer than any test
	 */
	void awaitOpen() throws IOException {
		try {
			if (!this.open.await(SILENCE.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new IOException("Silent for " + SILENCE);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException(ex);
		}
	}

	boolean loses(String request) {
		Drop current = this.drop.get();
		return current != null && current.request().test(request) && current.times().getAndDecrement() > 0;
	}

	void lost() {
		this.dropped.incrementAndGet();
	}

	void closed(TcpProxyConnection connection) {
		this.connections.remove(connection);
	}

	private Listener listen(int wanted) {
		try {
			ServerSocket socket = new ServerSocket(wanted, 0, InetAddress.getByName(RedisProcess.HOST));
			return new Listener(socket, this.threads.submit(() -> accept(socket)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void accept(ServerSocket socket) {
		while (!socket.isClosed()) {
			try {
				open(socket.accept());
			}
			catch (IOException ex) {
				// the port is cut, or the server refuses: the client sees it
			}
		}
	}

	private void open(Socket client) throws IOException {
		Socket server = new Socket();
		TcpProxyConnection connection = new TcpProxyConnection(this, client, server);
		this.connections.add(connection);
		try {
			client.setTcpNoDelay(true);
			server.setTcpNoDelay(true);
			server.connect(this.target, CONNECT_MILLIS);
		}
		catch (IOException ex) {
			connection.close();
			throw ex;
		}
		this.threads.execute(connection::passRequests);
		this.threads.execute(connection::passReplies);
	}

	/**
	 * The port accepts until the thread that listens on it has seen that it is closed.
	 */
	private void stopListening() {
		try {
			this.listener.socket().close();
			this.listener.accepting().get(2L * CONNECT_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
	}

	private static AsyncTaskExecutor daemons() {
		SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("tcp-proxy-");
		executor.setDaemon(true);
		return executor;
	}

	private record Listener(ServerSocket socket, Future<?> accepting) {
	}

	private record Drop(AtomicInteger times, Predicate<String> request) {
	}

}
