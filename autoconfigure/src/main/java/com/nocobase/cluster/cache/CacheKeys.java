package com.nocobase.cluster.cache;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.cache.interceptor.SimpleKey;

import com.nocobase.cluster.message.JsonCodec;

/**
 * Keys of Spring's annotations as text, the same in every process. Text, numbers,
 * booleans, characters, enum constants and UUIDs stand for themselves; all others are
 * JSON, and so is text that is blank. Several parameters are a list of them.
 */
final class CacheKeys {

	private final JsonCodec json;

	CacheKeys(JsonCodec json) {
		this.json = json;
	}

	String textOf(Object key) {
		if (key instanceof String text) {
			return text.isBlank() ? json(text) : text;
		}
		if (key instanceof Enum<?> constant) {
			return constant.name();
		}
		if (key instanceof Number || key instanceof Boolean || key instanceof Character || key instanceof UUID) {
			return key.toString();
		}
		// Its own text does not tell ("a, b") from ("a", "b").
		return json((key instanceof SimpleKey) ? new DirectFieldAccessor(key).getPropertyValue("params") : key);
	}

	private String json(@Nullable Object key) {
		return new String(this.json.write(key), StandardCharsets.UTF_8);
	}

}
