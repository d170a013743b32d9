package com.nocobase.cluster.redis;

import java.nio.charset.StandardCharsets;

import org.springframework.util.Assert;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.Names;

/**
 * Keys and channels of one application. All of them begin with the application's name,
 * those of keys in a hash tag, so that an ACL can limit an application to
 * <code>{name:*</code> and {@code name:*}. The tags never change: old and new instances
 * have to meet in them.
 */
public final class RedisNames {

	private final String app;

	/**
	 * Creates the names of an application.
	 * @param instance one of its instances
	 */
	public RedisNames(Instance instance) {
		this.app = Names.escape(instance.app());
	}

	/**
	 * Returns a key. Keys of one tag lie on one node of a Redis Cluster.
	 * @param tag what the key belongs to, such as {@code member} or {@code lock:7};
	 * without braces
	 * @param rest the rest of the key, which may hold any character
	 * @return <code>{app:tag}rest</code>
	 */
	public byte[] key(String tag, String rest) {
		return bytes("{" + this.app + ":" + tag + "}" + rest);
	}

	/**
	 * Returns a channel.
	 * @param kind what it is for, such as {@code pubsub}; without a colon
	 * @param rest the rest of the name, which may hold any character
	 * @return {@code app:kind:rest}
	 */
	public byte[] channel(String kind, String rest) {
		return bytes(this.app + ":" + kind + ":" + rest);
	}

	/**
	 * Returns a text as Redis gets it.
	 * @param text the text
	 * @return its bytes in UTF-8
	 * @throws IllegalArgumentException if it has half of a character, with which it would
	 * become the same as others
	 */
	public static byte[] bytes(String text) {
		for (int i = 0; i < text.length(); i++) {
			if (Character.isSurrogate(text.charAt(i))) {
				Assert.isTrue(Character.isSurrogatePair(text.charAt(i), (i + 1 < text.length()) ? text.charAt(++i) : 0),
						"There is half a character (an unpaired surrogate) in a name");
			}
		}
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Returns a number as Redis gets it.
	 * @param number the number
	 * @return its decimal digits
	 */
	public static byte[] bytes(long number) {
		return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Returns a text that came from Redis.
	 * @param bytes the bytes
	 * @return the text
	 */
	public static String text(Object bytes) {
		return new String((byte[]) bytes, StandardCharsets.UTF_8);
	}

}
