package com.nocobase.cluster.message;

import java.lang.reflect.Type;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/**
 * Values to JSON and back, the same on every store and broker. The receiver names the
 * type; a class name on the wire is never followed. Safe from any thread.
 */
public final class JsonCodec {

	private final JsonMapper mapper;

	private final DataSize limit;

	private final boolean readsStrings;

	private final boolean writesStrings;

	/**
	 * Made once for each type that is asked for, as making one costs more than reading.
	 */
	private final Map<Type, ObjectReader> readers = new ConcurrentHashMap<>();

	/**
	 * Creates a codec on a copy of the application's mapper, with default typing off,
	 * unknown properties ignored, objects without any property refused, and the offsets
	 * and zones of dates kept.
	 * @param mapper the application's mapper, left as it is
	 * @param limit the largest JSON text that is written
	 */
	public JsonCodec(JsonMapper mapper, DataSize limit) {
		this.mapper = mapper.rebuild()
			.deactivateDefaultTyping()
			.polymorphicTypeValidator(BasicPolymorphicTypeValidator.builder().build())
			.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
			.enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
			.enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
			.disable(DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE,
					DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
			.build();
		this.limit = limit;
		this.readsStrings = JsonStrings.areReadAsUsual(this.mapper);
		this.writesStrings = JsonStrings.areWrittenAsUsual(this.mapper);
	}

	/**
	 * Writes a value.
	 * @param value the value, {@code null} too
	 * @return the JSON text in UTF-8
	 * @throws PayloadTooLargeException if it is over the limit
	 * @throws PayloadException if JSON cannot carry it
	 */
	public byte[] write(@Nullable Object value) {
		if (value instanceof Future<?> || value instanceof CompletionStage<?>) {
			throw new PayloadException("A %s is not a value; wait for its result".formatted(value.getClass().getName()),
					null);
		}
		byte[] json = (this.writesStrings && value instanceof String text) ? JsonStrings.write(text) : null;
		try {
			json = (json != null) ? json : this.mapper.writeValueAsBytes(value);
		}
		catch (JacksonException | StackOverflowError ex) {
			throw new PayloadException("JSON cannot carry this value of " + typeOf(value), ex);
		}
		if (json.length > this.limit.toBytes()) {
			throw new PayloadTooLargeException("Value of " + typeOf(value), json.length, this.limit);
		}
		return json;
	}

	/**
	 * Reads a value.
	 * @param <T> the type of the value
	 * @param json the JSON text in UTF-8
	 * @param type what the receiver asks for
	 * @return the value, {@code null} for JSON's {@code null}
	 * @throws PayloadException if it cannot be read as that
	 */
	@SuppressWarnings("unchecked")
	public <T> @Nullable T read(byte[] json, Class<T> type) {
		return (T) read(json, (Type) type);
	}

	/**
	 * Reads a value of a type with type arguments.
	 * @param json the JSON text in UTF-8
	 * @param type what the receiver asks for
	 * @return the value, {@code null} for JSON's {@code null}
	 * @throws PayloadException if it cannot be read as that
	 */
	public @Nullable Object read(byte[] json, Type type) {
		if (type == String.class && this.readsStrings) {
			String text = JsonStrings.read(json);
			if (text != null) {
				return text;
			}
		}
		try {
			return reader(type).readValue(json);
		}
		catch (JacksonException | StackOverflowError ex) {
			throw new PayloadException("Cannot read JSON as " + type.getTypeName(), ex);
		}
	}

	private ObjectReader reader(Type type) {
		ObjectReader reader = this.readers.get(type);
		return (reader != null) ? reader
				: this.readers.computeIfAbsent(type, (key) -> this.mapper.readerFor(this.mapper.constructType(key)));
	}

	/**
	 * Returns the largest JSON text that is written.
	 * @return the limit
	 */
	public DataSize limit() {
		return this.limit;
	}

	private static String typeOf(@Nullable Object value) {
		return (value != null) ? value.getClass().getName() : "null";
	}

}
