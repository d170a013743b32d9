package com.nocobase.cluster.queue.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a signal, whose parts are lines but for the last one. Not safe for threads.
 */
final class SignalReader {

	private final byte[] signal;

	private int position;

	SignalReader(byte[] signal, int position) {
		this.signal = signal;
		this.position = position;
	}

	/**
	 * Returns the next line.
	 * @return its text
	 */
	String text() {
		int start = this.position;
		int end = start;
		while (end < this.signal.length && this.signal[end] != '\n') {
			end++;
		}
		this.position = Math.min(end + 1, this.signal.length);
		return new String(this.signal, start, end - start, StandardCharsets.UTF_8);
	}

	/**
	 * Returns all that was not yet read.
	 * @return the bytes
	 */
	byte[] rest() {
		return Arrays.copyOfRange(this.signal, this.position, this.signal.length);
	}

}
