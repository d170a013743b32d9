package com.nocobase.cluster.message;

import java.util.HexFormat;

import org.springframework.util.Assert;

/**
 * Rules for names that leave the process: what is accepted, and how they are scoped by
 * the application so that two applications on one server never meet.
 */
public final class Names {

	/** Most characters of an application, instance, channel, cache or plugin name. */
	public static final int MAX_NAME = 200;

	/** Most characters of a lock key, a cache key or a field. */
	public static final int MAX_KEY = 1_000;

	private static final String SPECIAL = "%:*?[]{}\\";

	private Names() {
	}

	/**
	 * Checks a name of up to {@value #MAX_NAME} characters.
	 * @param what what the name is for, as the caller knows it
	 * @param name the name
	 * @return the name
	 * @throws IllegalArgumentException if it is blank or too long
	 */
	public static String check(String what, String name) {
		return check(what, name, MAX_NAME);
	}

	/**
	 * Checks a key of up to {@value #MAX_KEY} characters.
	 * @param what what the key is for, as the caller knows it
	 * @param key the key
	 * @return the key
	 * @throws IllegalArgumentException if it is blank or too long
	 */
	public static String checkKey(String what, String key) {
		return check(what, key, MAX_KEY);
	}

	/**
	 * Puts the application's name in front, {@linkplain #escape escaped}, so that
	 * different pairs never give the same text.
	 * @param app name of the application
	 * @param name a name of that application
	 * @return the scoped name
	 */
	public static String scoped(String app, String name) {
		return escape(app) + ":" + name;
	}

	/**
	 * Escapes what has a meaning of its own in the names of a server, as {@code %} and
	 * two hexadecimal digits: the separator {@code :}, glob characters, braces, and
	 * control characters.
	 * @param name the name
	 * @return the escaped name, without any of those but {@code %}
	 */
	public static String escape(String name) {
		StringBuilder escaped = new StringBuilder(name.length());
		for (int i = 0; i < name.length(); i++) {
			char each = name.charAt(i);
			if (SPECIAL.indexOf(each) >= 0 || each < ' ' || each == 0x7f) {
				escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) each));
			}
			else {
				escaped.append(each);
			}
		}
		return escaped.toString();
	}

	/**
	 * Scopes a name that all applications share. No application's name is empty, so it
	 * meets no {@linkplain #scoped scoped} one.
	 * @param name the name
	 * @return the shared name
	 */
	public static String shared(String name) {
		return ":" + name;
	}

	private static String check(String what, String name, int max) {
		Assert.hasText(name, () -> what + " must not be blank");
		Assert.isTrue(name.length() <= max,
				() -> what + " must have at most " + max + " characters, but has " + name.length());
		return name;
	}

}
