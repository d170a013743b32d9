package com.nocobase.cluster.message;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;

/**
 * Logical types of messages, from the classes of sender and receiver.
 */
public final class MessageTypes {

	private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

	private static final ClassValue<String> NAMES = new ClassValue<>() {

		@Override
		protected String computeValue(Class<?> type) {
			return name(type);
		}

	};

	private MessageTypes() {
	}

	/**
	 * Returns the logical type of a message class. Classes of JSON's own kinds share one
	 * name each, so that a sent {@code Integer} may be received as a {@code long}:
	 * {@code string}, {@code number}, {@code boolean}, {@code list} and {@code map}.
	 * @param type class of the message
	 * @return the logical type
	 * @throws IllegalArgumentException if the class has no name, as that of a lambda
	 */
	public static String nameOf(Class<?> type) {
		return NAMES.get(type);
	}

	/**
	 * Returns whether a receiver that asked for a class takes a message of a logical
	 * type. {@code Object}, {@code Map} and {@code JsonNode} take every type.
	 * @param wanted what the receiver asked for
	 * @param type logical type of the message
	 * @return whether to read it
	 */
	public static boolean accepts(Class<?> wanted, String type) {
		return wanted == Object.class || wanted == Map.class || JsonNode.class.isAssignableFrom(wanted)
				|| nameOf(wanted).equals(type);
	}

	private static String name(Class<?> declared) {
		Class<?> type = ClassUtils.getUserClass(ClassUtils.resolvePrimitiveIfNecessary(declared));
		MessageType annotation = type.getAnnotation(MessageType.class);
		if (annotation != null) {
			return Names.check("@MessageType of " + type.getName(), annotation.value());
		}
		if (CharSequence.class.isAssignableFrom(type) || type == Character.class) {
			return "string";
		}
		if (Number.class.isAssignableFrom(type)) {
			return "number";
		}
		if (type == Boolean.class) {
			return "boolean";
		}
		if (Collection.class.isAssignableFrom(type) || type.isArray()) {
			return "list";
		}
		if (Map.class.isAssignableFrom(type)) {
			return "map";
		}
		if (type.isAnonymousClass() && type.getSuperclass().isEnum()) {
			return nameOf(type.getSuperclass());
		}
		Assert.isTrue(!type.isAnonymousClass() && !type.isHidden() && !type.isSynthetic(),
				() -> type.getName() + " has no name that a receiver could know; send a record or a class");
		return HUMP.matcher(type.getSimpleName()).replaceAll("-").toLowerCase(Locale.ROOT);
	}

}
