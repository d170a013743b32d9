package com.nocobase.cluster.redis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import javax.net.SocketFactory;

/**
 * One plain connection to a server, without any client library: what it sends is what a
 * test says.
 */
final class RespClient implements AutoCloseable {

	private static final int TIMEOUT_MILLIS = 5000;

	private static final int GLANCE_MILLIS = 100;

	private final Socket socket;

	private final DataInputStream in;

	RespClient(String host, int port) {
		this(host, port, SocketFactory.getDefault());
	}

	RespClient(String host, int port, SocketFactory sockets) {
		try {
			this.socket = sockets.createSocket();
			this.socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
			this.socket.setSoTimeout(TIMEOUT_MILLIS);
			this.socket.setTcpNoDelay(true);
			this.in = new DataInputStream(new BufferedInputStream(this.socket.getInputStream()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Sends a command and waits for its reply.
	 * @param args the command
	 * @return the reply as text: a list one value a line, nothing as an empty text
	 */
	String command(String... args) {
		send(args);
		return receive();
	}

	void send(String... args) {
		ByteArrayOutputStream request = new ByteArrayOutputStream();
		request.writeBytes(("*" + args.length + "\r\n").getBytes(StandardCharsets.UTF_8));
		for (String arg : args) {
			byte[] bytes = arg.getBytes(StandardCharsets.UTF_8);
			request.writeBytes(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.UTF_8));
			request.writeBytes(bytes);
			request.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
		}
		try {
			this.socket.getOutputStream().write(request.toByteArray());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String receive() {
		try {
			return read();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Returns whether a reply comes within a tenth of a second.
	 * @return whether there is something to receive
	 */
	boolean isReadable() {
		try {
			limit(GLANCE_MILLIS);
			this.in.mark(1);
			boolean readable = this.in.read() != -1;
			this.in.reset();
			return readable;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			limit(TIMEOUT_MILLIS);
		}
	}

	private void limit(int millis) {
		try {
			this.socket.setSoTimeout(millis);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String read() throws IOException {
		int type = this.in.readUnsignedByte();
		String line = readLine();
		return switch (type) {
			case '-' -> throw new IllegalStateException(line);
			case '$' -> readBulk(Integer.parseInt(line));
			case '*' -> readList(Integer.parseInt(line));
			default -> line;
		};
	}

	private String readBulk(int length) throws IOException {
		if (length < 0) {
			return "";
		}
		byte[] bytes = new byte[length];
		this.in.readFully(bytes);
		readLine();
		return new String(bytes, StandardCharsets.UTF_8);
	}

	private String readList(int length) throws IOException {
		List<String> values = new ArrayList<>();
		for (int i = 0; i < length; i++) {
			values.add(read());
		}
		return String.join("\n", values);
	}

	private String readLine() throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		for (int next = this.in.readUnsignedByte(); next != '\n'; next = this.in.readUnsignedByte()) {
			if (next != '\r') {
				line.write(next);
			}
		}
		return line.toString(StandardCharsets.UTF_8);
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
