package com.nocobase.cluster.load;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * What is protected by the locks of one run: a counter for each key, which is read and
 * written back without any care. Whoever comes in while somebody is there is counted, and
 * so is a write whose token is not above that of the write before.
 */
final class Register {

	private static final RedisScript<Long> ENTER = RedisScript.of("""
			if redis.call('HEXISTS', KEYS[1], 'inside') == 1 then
				redis.call('HINCRBY', KEYS[1], 'overlaps', 1)
			end
			redis.call('HSET', KEYS[1], 'inside', ARGV[1])
			return tonumber(redis.call('HGET', KEYS[1], 'count') or '0')
			""", Long.class);

	private static final RedisScript<Long> LEAVE = RedisScript.of("""
			if redis.call('HGET', KEYS[1], 'inside') ~= ARGV[1] then
				redis.call('HINCRBY', KEYS[1], 'overlaps', 1)
			end
			redis.call('HDEL', KEYS[1], 'inside')
			if ARGV[3] ~= '' then
				if tonumber(ARGV[3]) <= tonumber(redis.call('HGET', KEYS[1], 'token') or '0') then
					return redis.call('HINCRBY', KEYS[1], 'refused', 1)
				end
				redis.call('HSET', KEYS[1], 'token', ARGV[3])
			end
			redis.call('HSET', KEYS[1], 'count', ARGV[2])
			return 0
			""", Long.class);

	private final StringRedisTemplate redis;

	private final String run;

	Register(StringRedisTemplate redis, String run) {
		this.redis = redis;
		this.run = run;
	}

	/**
	 * Adds one to the counter of a key, in two steps.
	 * @param key the key
	 * @param owner who does it, unlike anybody else
	 * @param token its fencing token, or an empty text
	 */
	void add(int key, String owner, String token) {
		List<String> keys = List.of(name(key));
		long count = Objects.requireNonNull(this.redis.execute(ENTER, keys, owner));
		this.redis.execute(LEAVE, keys, owner, Long.toString(count + 1), token);
	}

	/**
	 * Adds up a field of all keys.
	 * @param field {@code count}, {@code overlaps} or {@code refused}
	 * @param keys how many keys there are
	 * @return the sum
	 */
	long sum(String field, int keys) {
		return IntStream.range(0, keys)
			.mapToObj((key) -> this.redis.<String, String>opsForHash().get(name(key), field))
			.mapToLong((value) -> (value != null) ? Long.parseLong(value) : 0)
			.sum();
	}

	/**
	 * Removes all.
	 * @param keys how many keys there are
	 */
	void delete(int keys) {
		IntStream.range(0, keys).mapToObj(this::name).forEach(this.redis::delete);
	}

	private String name(int key) {
		return "load:" + this.run + ":" + key;
	}

}
