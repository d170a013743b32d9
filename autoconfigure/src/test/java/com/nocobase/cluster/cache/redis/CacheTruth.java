package com.nocobase.cluster.cache.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The database behind the caches: rows of which each has a version, which a commit
 * raises. A file that processes share in memory, so all of them see a commit at once.
 */
final class CacheTruth {

	static final int ROWS = 150;

	private static final VarHandle VERSIONS = MethodHandles.byteBufferViewVarHandle(long[].class,
			ByteOrder.nativeOrder());

	private final ByteBuffer rows;

	private CacheTruth(ByteBuffer rows) {
		this.rows = rows;
	}

	static CacheTruth in(Path file) {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
				StandardOpenOption.WRITE)) {
			return new CacheTruth(channel.map(MapMode.READ_WRITE, 0, (long) ROWS * Long.BYTES));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	long read(int row) {
		return (long) VERSIONS.getVolatile(this.rows, row * Long.BYTES);
	}

	/**
	 * Changes a row.
	 * @param row the row
	 * @return its new version
	 */
	long commit(int row) {
		return (long) VERSIONS.getAndAdd(this.rows, row * Long.BYTES, 1L) + 1;
	}

}
