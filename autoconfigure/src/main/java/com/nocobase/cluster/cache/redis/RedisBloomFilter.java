package com.nocobase.cluster.cache.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import org.springframework.util.Assert;

import com.nocobase.cluster.cache.BloomFilter;
import com.nocobase.cluster.cache.BloomShape;
import com.nocobase.cluster.cache.CacheException;
import com.nocobase.cluster.message.Names;
import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisScript;
import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.redis.RedisServerException;

/**
 * Filters of one name: for each key a bitmap, and a hash with its shape, in one slot of a
 * Redis Cluster. The places of an item depend on the shape, which is known after the
 * first call; from then on each call is one round trip, in which the server checks that
 * it is still the same.
 */
final class RedisBloomFilter implements BloomFilter {

	private static final RedisScript<Long> RESERVE = RedisScript.ofNumber(RedisBloomFilter.class, "reserve-filter.lua");

	private static final RedisScript<List<Object>> ADD = RedisScript.ofList(RedisBloomFilter.class, "requests.lua",
			"filter.lua", "add-items.lua");

	private static final RedisScript<List<Object>> FIND = RedisScript.ofList(RedisBloomFilter.class, "filter.lua",
			"find-item.lua");

	private static final String UNKNOWN = "-";

	/** Items that one script adds; more would hold up the server. */
	private static final int STEP = 500;

	/** Shapes that are remembered. */
	private static final int MOST = 10_000;

	/** How often in a row a filter may turn out to be another one. */
	private static final int ATTEMPTS = 5;

	private final RedisServer server;

	private final String scope;

	private final RequestSlots slots = new RequestSlots();

	private final Map<String, String> shapes = new ConcurrentHashMap<>();

	RedisBloomFilter(RedisServer server, String scope) {
		this.server = server;
		this.scope = scope;
	}

	@Override
	public void reserve(String key, double errorRate, long capacity) {
		BloomShape shape = BloomShape.of(errorRate, capacity);
		try {
			this.server.run(RESERVE, names(key), RedisNames.bytes(shape.bits() + "|" + shape.places()));
		}
		catch (RedisServerException ex) {
			throw failed(key, ex);
		}
	}

	@Override
	public boolean add(String key, String item) {
		return add(key, List.of(item));
	}

	@Override
	public void mAdd(String key, Collection<String> items) {
		List<String> all = List.copyOf(items);
		// Also without items, as a filter that is not there is an error.
		int from = 0;
		do {
			int to = Math.min(all.size(), from + STEP);
			add(key, all.subList(from, to));
			from = to;
		}
		while (from < all.size());
	}

	private boolean add(String key, List<String> items) {
		return ask(key, (shape) -> {
			List<byte[]> places = places(shape, items);
			return this.slots.request((request) -> this.server.run(ADD, names(key),
					args(shape, List.of(request.slot(), request.number()), places)));
		});
	}

	@Override
	public boolean exists(String key, String item) {
		return ask(key,
				(shape) -> this.server.run(FIND, names(key), args(shape, List.of(), places(shape, List.of(item)))));
	}

	private boolean ask(String key, Function<String, List<Object>> call) {
		try {
			for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
				String known = this.shapes.getOrDefault(key, UNKNOWN);
				List<Object> answer = call.apply(known);
				String shape = RedisNames.text(answer.get(0));
				Assert.state(!shape.isEmpty(), () -> "Bloom filter '%s' was not reserved".formatted(key));
				if (shape.equals(known)) {
					return "1".equals(RedisNames.text(answer.get(1)));
				}
				remember(key, shape);
			}
		}
		catch (RedisServerException ex) {
			throw failed(key, ex);
		}
		throw new CacheException("Bloom filter '%s' is reserved anew again and again".formatted(key), null);
	}

	private void remember(String key, String shape) {
		if (this.shapes.size() >= MOST) {
			this.shapes.clear();
		}
		this.shapes.put(key, shape);
	}

	private static List<byte[]> places(String shape, List<String> items) {
		List<byte[]> places = new ArrayList<>();
		if (!shape.equals(UNKNOWN)) {
			int bar = shape.indexOf('|');
			BloomShape parsed = new BloomShape(Long.parseLong(shape.substring(0, bar)),
					Integer.parseInt(shape.substring(bar + 1)));
			for (String item : items) {
				for (long place : parsed.placesOf(item)) {
					places.add(RedisNames.bytes(place));
				}
			}
		}
		return places;
	}

	private static byte[][] args(String shape, List<byte[]> request, List<byte[]> places) {
		List<byte[]> args = new ArrayList<>(1 + request.size() + places.size());
		args.add(RedisNames.bytes(shape));
		args.addAll(request);
		args.addAll(places);
		return args.toArray(byte[][]::new);
	}

	private byte[][] names(String key) {
		String tag = "{" + this.scope + Names.escape(key) + "}";
		return new byte[][] { RedisNames.bytes(tag + "filter"), RedisNames.bytes(tag + "bits") };
	}

	private static CacheException failed(String key, RedisServerException ex) {
		return new CacheException("Bloom filter '%s' cannot be reached".formatted(key), ex);
	}

}
