package com.nocobase.cluster.cache.memory;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

import org.springframework.util.Assert;

import com.nocobase.cluster.cache.BloomFilter;
import com.nocobase.cluster.cache.BloomShape;

/**
 * Filters that are never dropped to make room: a revocation list that forgets is none.
 */
final class MemoryBloomFilter implements BloomFilter {

	private final Map<String, Bits> filters = new ConcurrentHashMap<>();

	@Override
	public void reserve(String key, double errorRate, long capacity) {
		this.filters.computeIfAbsent(key, (same) -> Bits.of(BloomShape.of(errorRate, capacity)));
	}

	@Override
	public boolean add(String key, String item) {
		return reserved(key).add(item);
	}

	@Override
	public void mAdd(String key, Collection<String> items) {
		Bits bits = reserved(key);
		items.forEach(bits::add);
	}

	@Override
	public boolean exists(String key, String item) {
		return reserved(key).has(item);
	}

	private Bits reserved(String key) {
		Bits bits = this.filters.get(key);
		Assert.state(bits != null, () -> "Bloom filter '%s' was not reserved".formatted(key));
		return bits;
	}

	/**
	 * The bitmap of one filter.
	 *
	 * @param shape its size
	 * @param words 64 bits each
	 */
	private record Bits(BloomShape shape, AtomicLongArray words) {

		static Bits of(BloomShape shape) {
			return new Bits(shape, new AtomicLongArray((int) (shape.bits() / Long.SIZE)));
		}

		boolean add(String item) {
			boolean added = false;
			for (long place : this.shape.placesOf(item)) {
				long bit = bit(place);
				added |= (this.words.getAndUpdate(word(place), (word) -> word | bit) & bit) == 0;
			}
			return added;
		}

		boolean has(String item) {
			for (long place : this.shape.placesOf(item)) {
				if ((this.words.get(word(place)) & bit(place)) == 0) {
					return false;
				}
			}
			return true;
		}

		private static int word(long place) {
			return (int) (place / Long.SIZE);
		}

		private static long bit(long place) {
			return 1L << (place % Long.SIZE);
		}

	}

}
