package com.nocobase.cluster.cache;

import java.nio.charset.StandardCharsets;

import org.springframework.util.Assert;

/**
 * Size of a bloom filter and the places of its items, the same on all stores and in all
 * versions: a bitmap that outlives the process is read by the next one.
 * <ol>
 * <li>A filter for {@code n} items with error rate {@code p} has
 * {@code -n · ln p / (ln 2)²} bits, rounded up to a multiple of 64, and
 * {@code bits / n · ln 2} places for each item.</li>
 * <li>The first half of an item's hash is its first place, the second half the distance
 * to each further one, both modulo the number of bits.</li>
 * <li>The hash is MurmurHash3 (x64, 128 bits, seed 0) of its UTF-8 bytes.</li>
 * </ol>
 *
 * @param bits how many bits the filter has
 * @param places how many of them each item sets
 */
public record BloomShape(long bits, int places) {

	/** What a bitmap in Redis can hold, 512 MiB. */
	private static final long MAX_BITS = 1L << 32;

	private static final double LN_2 = Math.log(2);

	public BloomShape {
		Assert.isTrue(bits > 0 && bits <= MAX_BITS, () -> "bits must be from 1 to 2^32, but is " + bits);
		Assert.isTrue(places > 0, () -> "places must be positive, but is " + places);
	}

	/**
	 * Returns the shape of a filter.
	 * @param errorRate between 0 and 1, both excluded
	 * @param capacity how many items it is made for
	 * @return the shape
	 * @throws IllegalArgumentException if a number is out of bounds, or the filter would
	 * need more than 2^32 bits
	 */
	public static BloomShape of(double errorRate, long capacity) {
		Assert.isTrue(errorRate > 0 && errorRate < 1, () -> "errorRate must be between 0 and 1, but is " + errorRate);
		Assert.isTrue(capacity > 0, () -> "capacity must be positive, but is " + capacity);
		double exact = Math.ceil(-capacity * Math.log(errorRate) / (LN_2 * LN_2));
		Assert.isTrue(exact <= MAX_BITS, () -> "capacity %d with errorRate %s needs %.0f bits, more than 2^32"
			.formatted(capacity, errorRate, exact));
		long bits = ((long) exact + 63) / 64 * 64;
		return new BloomShape(bits, (int) Math.max(1, Math.round(exact / capacity * LN_2)));
	}

	/**
	 * Returns the places of an item.
	 * @param item the item
	 * @return as many numbers of bits as an item sets; two may be equal
	 */
	public long[] placesOf(String item) {
		Murmur3 hash = Murmur3.of(item.getBytes(StandardCharsets.UTF_8));
		long place = Long.remainderUnsigned(hash.high(), this.bits);
		long step = Long.remainderUnsigned(hash.low(), this.bits);
		long[] places = new long[this.places];
		for (int i = 0; i < places.length; i++) {
			places[i] = place;
			place = (place + step) % this.bits;
		}
		return places;
	}

}
