package com.nocobase.cluster.redis;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Finds the ends of requests or replies in a stream of bytes, RESP2 or RESP3.
 */
final class RespFrames {

	private final ByteArrayOutputStream frame = new ByteArrayOutputStream();

	private final StringBuilder header = new StringBuilder();

	private long values;

	private long body;

	/**
	 * Takes the next byte.
	 * @param next the byte
	 * @return whether it is the last one of a request or reply
	 */
	boolean accept(byte next) {
		if (this.values == 0) {
			this.frame.reset();
			this.values = 1;
		}
		this.frame.write(next);
		if (this.body > 0) {
			this.body--;
			if (this.body == 0) {
				this.values--;
			}
		}
		else if (next != '\n') {
			this.header.append((char) next);
		}
		else {
			endHeader();
		}
		return this.values == 0;
	}

	/**
	 * Returns whether the server sent the frame on its own account.
	 * @return whether it answers no request
	 */
	boolean isPush() {
		return bytes()[0] == '>';
	}

	byte[] bytes() {
		return this.frame.toByteArray();
	}

	String text() {
		return this.frame.toString(StandardCharsets.UTF_8);
	}

	private void endHeader() {
		char type = this.header.charAt(0);
		String rest = this.header.substring(1).trim();
		this.header.setLength(0);
		switch (type) {
			case '$', '=', '!' -> bulk(Long.parseLong(rest));
			case '*', '~', '>' -> this.values += Math.max(0, Long.parseLong(rest)) - 1;
			case '%' -> this.values += 2 * Long.parseLong(rest) - 1;
			// comes before the value that it describes
			case '|' -> this.values += 2 * Long.parseLong(rest);
			default -> this.values--;
		}
	}

	private void bulk(long length) {
		if (length < 0) {
			this.values--;
		}
		else {
			this.body = length + 2;
		}
	}

}
