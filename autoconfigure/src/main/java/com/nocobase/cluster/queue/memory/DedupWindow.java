package com.nocobase.cluster.queue.memory;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Ids that were published lately. Guarded by the lock of its channel.
 */
final class DedupWindow {

	/** Until when each is remembered, oldest first. */
	private final Map<String, Long> ids = new LinkedHashMap<>();

	void add(String id, long now, Duration window) {
		forget(now);
		this.ids.remove(id);
		this.ids.put(id, now + window.toNanos());
	}

	boolean contains(String id, long now) {
		Long until = this.ids.get(id);
		return until != null && until - now > 0;
	}

	private void forget(long now) {
		Iterator<Long> oldest = this.ids.values().iterator();
		while (oldest.hasNext() && oldest.next() - now <= 0) {
			oldest.remove();
		}
	}

}
