package com.nocobase.cluster.pubsub;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Knows which numbers of the {@link Lanes} of each sender have come on one channel: the
 * highest, and which of the {@value #WINDOW} before it. A sender that has been silent for
 * longest is forgotten when there are too many. Safe from any thread.
 */
final class ReceivedNumbers {

	/** Smaller than the bits by a word, which is cleared ahead. */
	static final int WINDOW = 1984;

	private static final int WORDS = 32;

	private static final int MOST_SENDERS = 1_000;

	/** Guarded by this. */
	private final Map<String, Window> windows = new LinkedHashMap<>(4, 0.75f, true) {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
			return size() > MOST_SENDERS;
		}

	};

	/**
	 * Notes a message.
	 * @param id its id
	 * @return whether it came for the first time; one without a number always does
	 */
	Arrival arrived(String id) {
		int end = id.lastIndexOf(Lanes.NUMBER);
		long number = (end >= 0) ? number(id, end + 1) : -1;
		if (number < 0) {
			return Arrival.FIRST;
		}
		String lane = id.substring(0, end);
		synchronized (this) {
			return this.windows.computeIfAbsent(lane, (key) -> new Window(number)).arrived(number);
		}
	}

	private static long number(String id, int begin) {
		try {
			return Long.parseLong(id, begin, id.length(), 10);
		}
		catch (NumberFormatException ex) {
			return -1;
		}
	}

	/**
	 * How a message came.
	 */
	enum Arrival {

		/** For the first time. */
		FIRST,

		/** Again. */
		AGAIN,

		/** So late that nobody knows. */
		TOO_LATE

	}

	/**
	 * One bit for each number, in a ring, as in RFC 6479.
	 */
	private static final class Window {

		private final long[] words = new long[WORDS];

		private long highest;

		Window(long first) {
			this.highest = first;
		}

		Arrival arrived(long number) {
			if (number > this.highest) {
				long steps = Math.min(WORDS, (number >>> 6) - (this.highest >>> 6));
				for (int i = 1; i <= steps; i++) {
					this.words[word((number >>> 6) - steps + i)] = 0;
				}
				this.highest = number;
			}
			else if (this.highest - number >= WINDOW) {
				return Arrival.TOO_LATE;
			}
			int word = word(number >>> 6);
			long bit = 1L << number;
			if ((this.words[word] & bit) != 0) {
				return Arrival.AGAIN;
			}
			this.words[word] |= bit;
			return Arrival.FIRST;
		}

		private static int word(long index) {
			return (int) (index & (WORDS - 1));
		}

	}

}
