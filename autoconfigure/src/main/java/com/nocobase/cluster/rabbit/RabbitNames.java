package com.nocobase.cluster.rabbit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import com.nocobase.cluster.message.Instance;

/**
 * Names of queues, exchanges and routing keys of one application:
 * {@code <application>.<kind>.<name>}. What is neither a letter, a digit nor one of
 * {@code .-_} is written as {@code %} and two hexadecimal digits for each byte in UTF-8,
 * dots of the application too, so that different names stay different. A part that gets
 * too long for AMQP's 255 bytes ends in {@code ~} and a hash.
 */
public final class RabbitNames {

	private static final int LONGEST_APP = 80;

	private static final int LONGEST_NAME = 150;

	private static final int HASH = 32;

	private static final String RESERVED = "amq.";

	private final String app;

	/**
	 * Creates the names of an application.
	 * @param instance one of its instances
	 */
	public RabbitNames(Instance instance) {
		this.app = cut(escape(instance.app(), false), LONGEST_APP);
	}

	/**
	 * Returns a name of the application.
	 * @param kind what it is for: a few letters, digits and dashes
	 * @return {@code <application>.<kind>}
	 */
	public String of(String kind) {
		return unreserved(this.app + "." + kind);
	}

	/**
	 * Returns a name of the application.
	 * @param kind what it is for: a few letters, digits and dashes
	 * @param name the name, which may hold any character
	 * @return {@code <application>.<kind>.<name>}
	 */
	public String of(String kind, String name) {
		return unreserved(this.app + "." + kind + "." + key(name));
	}

	/**
	 * Returns a name that applications share. No application's name is empty, so it meets
	 * no name of one.
	 * @param kind what it is for: a few letters, digits and dashes
	 * @param name the name, which may hold any character
	 * @return {@code .<kind>.<name>}
	 */
	public static String shared(String kind, String name) {
		return "." + kind + "." + key(name);
	}

	/**
	 * Returns a routing key.
	 * @param name the name, which may hold any character
	 * @return a key without wildcards
	 */
	public static String key(String name) {
		return cut(escape(name, true), LONGEST_NAME);
	}

	private static String unreserved(String name) {
		// The broker keeps names that begin so to itself.
		return name.startsWith(RESERVED) ? "%61" + name.substring(1) : name;
	}

	private static String escape(String name, boolean dots) {
		StringBuilder escaped = new StringBuilder(name.length());
		for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
			if (isPlain(each) || (dots && each == '.')) {
				escaped.append((char) each);
			}
			else {
				escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
			}
		}
		return escaped.toString();
	}

	private static boolean isPlain(byte each) {
		return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9')
				|| each == '-' || each == '_';
	}

	private static String cut(String escaped, int longest) {
		if (escaped.length() <= longest) {
			return escaped;
		}
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(escaped.getBytes(StandardCharsets.US_ASCII));
			return escaped.substring(0, longest - HASH - 1) + "~" + HexFormat.of().formatHex(hash).substring(0, HASH);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
