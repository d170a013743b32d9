package com.nocobase.cluster.lock;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * The times of one lease, in nanoseconds.
 *
 * @param ttl how long it lasts without renewal
 * @param hold how long it is renewed
 * @param atLeast how long the lock is kept at least
 */
record LeaseTerms(long ttl, long hold, long atLeast) {

	/** About 70 years; monotonic times stay comparable by subtraction. */
	private static final long MAX = Long.MAX_VALUE / 4;

	private static final long MAX_PAUSE = TimeUnit.SECONDS.toNanos(1);

	static LeaseTerms of(LockOptions options, LockProperties defaults) {
		return new LeaseTerms(nanos(or(options.ttl(), defaults.ttl())),
				nanos(or(options.maxHold(), defaults.maxHold())), nanos(options.atLeast()));
	}

	static long nanos(Duration duration) {
		return Math.min(MAX, TimeUnit.NANOSECONDS.convert(duration));
	}

	static Duration or(@Nullable Duration asked, Duration byDefault) {
		return (asked != null) ? asked : byDefault;
	}

	long holdEnd(LockGrant grant) {
		return grant.askedAt() + this.hold;
	}

	/** A third of the ttl has passed: two more renewals may fail before the end. */
	long renewAt(long end) {
		return end - this.ttl / 3 * 2;
	}

	/** How much earlier a renewal is taken along by another one. */
	long slack() {
		return this.ttl / 30;
	}

	/** How soon a renewal that failed is tried again. */
	long pause() {
		return Math.min(MAX_PAUSE, this.ttl / 10);
	}

	/** What is left of the least hold. */
	Duration keep(LockGrant grant, long now) {
		return Duration.ofNanos(Math.max(0, grant.askedAt() + this.atLeast - now));
	}

}
