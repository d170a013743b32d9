package com.nocobase.cluster.cache;

import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.message.JsonCodec;

/**
 * Values of one cache.
 *
 * @param <T> the type of the values
 * @param json turns values into JSON and back
 * @param type the type of the values
 */
record CacheValues<T>(JsonCodec json, Type type) {

	@SuppressWarnings("unchecked")
	@Nullable T copy(@Nullable T value) {
		return (T) this.json.read(this.json.write(value), this.type);
	}

}
