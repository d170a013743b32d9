package com.nocobase.cluster.queue.memory;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of a stream up to its first line feed, which it takes away too. What follows
 * stays in that stream, which has to support a mark.
 */
final class FirstLine extends FilterInputStream {

	private boolean ended;

	FirstLine(InputStream in) {
		super(in);
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		if (this.ended) {
			return -1;
		}
		this.in.mark(length);
		int count = this.in.read(bytes, offset, length);
		this.ended = count < 0;
		for (int i = 0; i < count; i++) {
			if (bytes[offset + i] == '\n') {
				this.in.reset();
				this.in.skipNBytes(i + 1L);
				this.ended = true;
				return (i > 0) ? i : -1;
			}
		}
		return count;
	}

	@Override
	public void close() {
		// What follows is still to be read.
	}

}
