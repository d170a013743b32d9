package com.nocobase.cluster.cache.redis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.nocobase.cluster.cache.redis.CacheEvent.Kind;

/**
 * Finds values that were served and must not have been, in what several instances did.
 * <ol>
 * <li>A change is in Redis when its call has returned. If the writer's store was not
 * reachable then, or had not been just before, it is when the store is reachable again
 * and what it had missed is made up for.</li>
 * <li>A read that begins later gives that change or a newer one: on {@code redis} at
 * once, on {@code near} after {@code max-silence}.</li>
 * <li>The writer itself reads its change as soon as the call has returned, in Redis or
 * not. Where others load the same row this holds for a change that was not confirmed, as
 * long as the store is away; once it is in Redis, what others had loaded before may be in
 * the writer's way as in everybody's.</li>
 * <li>On {@code redis} what was loaded before a change may be stored after it, and then
 * lives as long as its ttl says, counted from the end of the call that loaded it.</li>
 * <li>Nothing is read before its commit has begun.</li>
 * </ol>
 */
final class StaleReads {

	private final CacheBounds bounds;

	private final Map<Integer, List<CacheEvent>> changes;

	private final Map<Integer, List<CacheEvent>> loads;

	private final Map<Integer, List<CacheEvent>> away;

	private final List<CacheEvent> reads;

	StaleReads(CacheBounds bounds, List<CacheEvent> events) {
		this.bounds = bounds;
		this.changes = of(events, Kind.CHANGE).collect(Collectors.groupingBy(CacheEvent::row));
		this.loads = of(events, Kind.LOAD).collect(Collectors.groupingBy(CacheEvent::row));
		this.away = of(events, Kind.AWAY).sorted(Comparator.comparingLong(CacheEvent::begin))
			.collect(Collectors.groupingBy(CacheEvent::process));
		this.reads = of(events, Kind.READ).sorted(Comparator.comparingLong(CacheEvent::begin)).toList();
	}

	private static Stream<CacheEvent> of(List<CacheEvent> events, Kind kind) {
		return events.stream().filter((each) -> each.kind() == kind);
	}

	/**
	 * Finds them.
	 * @return one sentence for each, in the order in which they were read
	 */
	List<String> find() {
		List<String> found = new ArrayList<>();
		for (CacheEvent read : this.reads) {
			List<CacheEvent> ofRow = this.changes.getOrDefault(read.row(), List.of());
			ofRow.stream()
				.filter((each) -> each.version() == read.version() && each.begin() > read.end())
				.findFirst()
				.ifPresent((each) -> found.add("Not true yet: [%s] of [%s]".formatted(read, each)));
			oldest(ofRow, read).ifPresent((each) -> found.add("Old by %d ms: [%s] after [%s], in Redis at %d"
				.formatted((read.begin() - each.end()) / 1_000_000, read, each, inRedis(each))));
		}
		return found;
	}

	private Optional<CacheEvent> oldest(List<CacheEvent> ofRow, CacheEvent read) {
		return ofRow.stream()
			.filter((each) -> each.version() > read.version() && hides(each, read))
			.min(Comparator.comparingLong(CacheEvent::end));
	}

	private boolean hides(CacheEvent change, CacheEvent read) {
		if (read.begin() <= change.end()) {
			return false;
		}
		if (read.process() == change.process() && (CacheRows.isOwned(read.row()) || isAwaySince(change, read))) {
			return true;
		}
		return read.begin() > inRedis(change) + this.bounds.copies() && !isStored(read);
	}

	private boolean isAwaySince(CacheEvent change, CacheEvent read) {
		return !change.reached() && this.away.getOrDefault(change.process(), List.of())
			.stream()
			.anyMatch((each) -> each.begin() <= change.end() && each.end() >= read.begin());
	}

	private boolean isStored(CacheEvent read) {
		return this.bounds.stored() > 0 && this.loads.getOrDefault(read.row(), List.of())
			.stream()
			.anyMatch(
					(each) -> each.version() == read.version() && read.begin() <= inRedis(each) + this.bounds.stored());
	}

	private long inRedis(CacheEvent call) {
		long end = call.end();
		boolean confirmed = call.reached();
		for (CacheEvent each : this.away.getOrDefault(call.process(), List.of())) {
			// One that fails while the store is just coming back is made up for later.
			if (each.end() >= call.begin() - this.bounds.madeUp() && each.begin() <= end + this.bounds.madeUp()
					&& (!confirmed || each.begin() <= end)) {
				confirmed = false;
				end = Math.max(end, each.end());
			}
		}
		return confirmed ? end : end + this.bounds.madeUp();
	}

}
