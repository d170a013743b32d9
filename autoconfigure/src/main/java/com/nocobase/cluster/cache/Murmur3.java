package com.nocobase.cluster.cache;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * MurmurHash3 by Austin Appleby, x64, 128 bits, seed 0.
 *
 * @param high the first half
 * @param low the second half
 */
record Murmur3(long high, long low) {

	private static final long C1 = 0x87c37b91114253d5L;

	private static final long C2 = 0x4cf5ad432745937fL;

	private static final int BLOCK = 16;

	static Murmur3 of(byte[] data) {
		long h1 = 0;
		long h2 = 0;
		ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
		while (buffer.remaining() >= BLOCK) {
			h1 = Long.rotateLeft(h1 ^ mixFirst(buffer.getLong()), 27) + h2;
			h1 = h1 * 5 + 0x52dce729;
			h2 = Long.rotateLeft(h2 ^ mixSecond(buffer.getLong()), 31) + h1;
			h2 = h2 * 5 + 0x38495ab5;
		}
		byte[] tail = new byte[BLOCK];
		buffer.get(tail, 0, buffer.remaining());
		ByteBuffer rest = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
		h1 ^= mixFirst(rest.getLong()) ^ data.length;
		h2 ^= mixSecond(rest.getLong()) ^ data.length;
		h1 += h2;
		h2 += h1;
		h1 = finish(h1);
		h2 = finish(h2);
		h1 += h2;
		return new Murmur3(h1, h1 + h2);
	}

	private static long mixFirst(long block) {
		return Long.rotateLeft(block * C1, 31) * C2;
	}

	private static long mixSecond(long block) {
		return Long.rotateLeft(block * C2, 33) * C1;
	}

	private static long finish(long half) {
		long mixed = (half ^ (half >>> 33)) * 0xff51afd7ed558ccdL;
		mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
		return mixed ^ (mixed >>> 33);
	}

}
