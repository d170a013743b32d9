package com.nocobase.cluster.redis;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.function.Predicate;

/**
 * One client's connection through the proxy. Knows which reply belongs to which request
 * by counting both; what does not begin as RESP passes as it is.
 */
final class TcpProxyConnection {

	private static final int BUFFER = 16 * 1024;

	private static final long NONE = -1;

	private final TcpProxy proxy;

	private final Socket client;

	private final Socket server;

	private volatile Protocol protocol = Protocol.UNKNOWN;

	/**
	 * Which reply is to be lost, counted from one.
	 */
	private volatile long lost = NONE;

	private long requests;

	private long replies;

	TcpProxyConnection(TcpProxy proxy, Socket client, Socket server) {
		this.proxy = proxy;
		this.client = client;
		this.server = server;
	}

	/**
	 * Passes requests on until the connection ends.
	 */
	void passRequests() {
		pass(this.client, this.server, this::isRequestPassed);
	}

	/**
	 * Passes replies on until the connection ends or one of them is to be lost.
	 */
	void passReplies() {
		pass(this.server, this.client, this::isReplyPassed);
	}

	void close() {
		try (this.client; this.server) {
			this.proxy.closed(this);
		}
		catch (IOException ex) {
			// as good as closed
		}
	}

	private boolean isRequestPassed(RespFrames frames) {
		this.requests++;
		if (this.lost == NONE && this.proxy.loses(frames.text())) {
			this.lost = this.requests;
		}
		return true;
	}

	private boolean isReplyPassed(RespFrames frames) {
		if (frames.isPush() || ++this.replies != this.lost) {
			return true;
		}
		this.proxy.lost();
		return false;
	}

	/**
	 * Passes only whole frames on: the client does not see the head of a reply that is to
	 * be lost.
	 */
	private void pass(Socket from, Socket to, Predicate<RespFrames> passes) {
		RespFrames frames = new RespFrames();
		byte[] buffer = new byte[BUFFER];
		try {
			InputStream in = from.getInputStream();
			boolean goOn = true;
			while (goOn) {
				int length = in.read(buffer);
				ByteArrayOutputStream ready = new ByteArrayOutputStream();
				goOn = length > 0 && take(buffer, length, frames, passes, ready);
				this.proxy.awaitOpen();
				ready.writeTo(to.getOutputStream());
			}
		}
		catch (IOException ex) {
			// cut, by one of the sides or by us
		}
		finally {
			close();
		}
	}

	private boolean take(byte[] buffer, int length, RespFrames frames, Predicate<RespFrames> passes,
			ByteArrayOutputStream ready) {
		if (this.protocol == Protocol.UNKNOWN) {
			this.protocol = (buffer[0] == '*') ? Protocol.RESP : Protocol.OTHER;
		}
		if (this.protocol == Protocol.OTHER) {
			ready.write(buffer, 0, length);
			return true;
		}
		for (int i = 0; i < length; i++) {
			if (frames.accept(buffer[i])) {
				if (!passes.test(frames)) {
					return false;
				}
				ready.writeBytes(frames.bytes());
			}
		}
		return true;
	}

	private enum Protocol {

		UNKNOWN, RESP, OTHER

	}

}
