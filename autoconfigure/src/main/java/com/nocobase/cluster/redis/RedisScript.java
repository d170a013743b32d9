package com.nocobase.cluster.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

import io.lettuce.core.ScriptOutputType;
import org.springframework.util.Assert;

/**
 * A Lua script, sent by its digest, and whole to a server that does not know it (yet, or
 * any more after a restart or {@code SCRIPT FLUSH}).
 * <p>
 * The driver sends a command again when the connection was lost before its reply. So a
 * script that writes must give the first result when it is run a second time with the
 * same arguments: it carries an id of the request, or sets what it would set anyway.
 *
 * @param <T> the type of the result
 */
@SuppressWarnings("UnusedTypeParameter") // what the server's answer is read as
public final class RedisScript<T> {

	private final byte[] source;

	private final String digest;

	private final ScriptOutputType output;

	private RedisScript(String source, ScriptOutputType output) {
		this.source = source.getBytes(StandardCharsets.UTF_8);
		this.digest = digest(this.source);
		this.output = output;
	}

	/**
	 * Reads a script that returns a number.
	 * @param owner the class beside which its files lie
	 * @param files names of the files, which are joined
	 * @return the script
	 */
	public static RedisScript<Long> ofNumber(Class<?> owner, String... files) {
		return new RedisScript<>(read(owner, files), ScriptOutputType.INTEGER);
	}

	/**
	 * Reads a script that returns a text.
	 * @param owner the class beside which its files lie
	 * @param files names of the files, which are joined
	 * @return the script
	 */
	public static RedisScript<byte[]> ofText(Class<?> owner, String... files) {
		return new RedisScript<>(read(owner, files), ScriptOutputType.VALUE);
	}

	/**
	 * Reads a script that returns a list of numbers ({@code Long}), texts
	 * ({@code byte[]}), lists of them, and nulls.
	 * @param owner the class beside which its files lie
	 * @param files names of the files, which are joined
	 * @return the script
	 */
	public static RedisScript<List<Object>> ofList(Class<?> owner, String... files) {
		return ofList(read(owner, files));
	}

	/**
	 * Returns this script with a constant in front, for what does not change from call to
	 * call: each argument costs the server as much as a short command.
	 * @param name name of the constant
	 * @param value its value
	 * @return another script
	 */
	public RedisScript<T> with(String name, boolean value) {
		return new RedisScript<>(
				"local %s = %s\n".formatted(name, value) + new String(this.source, StandardCharsets.UTF_8),
				this.output);
	}

	static RedisScript<List<Object>> ofList(String source) {
		return new RedisScript<>(source, ScriptOutputType.MULTI);
	}

	/**
	 * Reads files of Lua.
	 * @param owner the class beside which they lie
	 * @param files names of the files
	 * @return their text, one after the other
	 */
	public static String read(Class<?> owner, String... files) {
		StringBuilder text = new StringBuilder();
		for (String file : files) {
			try (InputStream in = owner.getResourceAsStream(file)) {
				Assert.state(in != null, () -> "No " + file + " beside " + owner.getName());
				text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return text.toString();
	}

	private static String digest(byte[] source) {
		try {
			// What Redis knows a script by; nothing is kept secret with it.
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(source));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("No SHA-1 in this JVM", ex);
		}
	}

	byte[] source() {
		return this.source;
	}

	String digest() {
		return this.digest;
	}

	ScriptOutputType output() {
		return this.output;
	}

}
