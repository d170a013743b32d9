package com.nocobase.cluster.member.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

import com.nocobase.cluster.member.Member;
import com.nocobase.cluster.message.JsonCodec;
import com.nocobase.cluster.message.PayloadException;

/**
 * What the server keeps of a member besides its id and the end of its life. Fields that a
 * newer version adds are ignored.
 *
 * @param version version of this library
 * @param ttl its time to live in milliseconds
 * @param serving what it serves, sorted, so that the same is always the same text
 * @param adapters the adapter of each capability, sorted
 */
record StoredMember(@Nullable String version, long ttl, @Nullable Map<String, Boolean> serving,
		@Nullable Map<String, String> adapters) {

	private static final StoredMember UNKNOWN = new StoredMember(null, 0, null, null);

	/** The wire format does not depend on how the application sets up its mapper. */
	private static final JsonCodec CODEC = new JsonCodec(JsonMapper.builder().build(), DataSize.ofMegabytes(1));

	static byte[] write(Member member, Duration timeToLive) {
		return CODEC.write(new StoredMember(member.version(), timeToLive.toMillis(), new TreeMap<>(member.serving()),
				new TreeMap<>(member.adapters())));
	}

	/**
	 * Reads a member.
	 * @param json what the server keeps
	 * @return the member, one of which nothing is known if it cannot be read: that it is
	 * alive is known all the same
	 */
	static StoredMember read(byte[] json) {
		try {
			StoredMember read = CODEC.read(json, StoredMember.class);
			return (read != null) ? read : UNKNOWN;
		}
		catch (PayloadException ex) {
			return UNKNOWN;
		}
	}

	Member member(String id, long endsAt) {
		return new Member(id, (this.version != null) ? this.version : "unknown",
				Instant.ofEpochMilli(endsAt - this.ttl), copy(this.serving), copy(this.adapters));
	}

	private static <V> Map<String, V> copy(@Nullable Map<String, V> map) {
		Map<String, V> copy = new TreeMap<>();
		if (map != null) {
			map.forEach((key, value) -> {
				if (value != null) {
					copy.put(key, value);
				}
			});
		}
		return copy;
	}

}
