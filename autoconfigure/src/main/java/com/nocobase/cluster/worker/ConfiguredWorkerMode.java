package com.nocobase.cluster.worker;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.springframework.util.Assert;

import com.nocobase.cluster.message.Names;

/**
 * The worker mode of a text.
 */
final class ConfiguredWorkerMode implements WorkerMode {

	private static final String REQUESTS = "!";

	private static final String EVERY_KEY = "*";

	private static final String NOTHING = "-";

	private static final Pattern KEY = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._:/@-]*");

	/** Keys come from code; this is for one that makes them up. */
	private static final int MAX_KNOWN = 1_000;

	private final Set<String> items;

	private final Map<String, Boolean> known = new ConcurrentHashMap<>();

	ConfiguredWorkerMode(String text) {
		this.items = Arrays.stream(text.split(","))
			.map(String::strip)
			.filter((item) -> !item.isEmpty())
			.collect(Collectors.toUnmodifiableSet());
		for (String item : this.items) {
			Assert.isTrue(
					item.equals(REQUESTS) || item.equals(EVERY_KEY) || item.equals(NOTHING)
							|| KEY.matcher(item).matches(),
					() -> message(text, "'" + item + "' is none of !, *, - and a key such as task:process"));
		}
		Assert.isTrue(!this.items.contains(NOTHING) || this.items.size() == 1,
				() -> message(text, "- stands for nothing and must stand alone"));
	}

	private static String message(String text, String problem) {
		return "nocobase.cluster.worker-mode is '%s', but %s".formatted(text, problem);
	}

	@Override
	public boolean serving() {
		return this.items.isEmpty() || this.items.contains(REQUESTS);
	}

	@Override
	public boolean serving(String key) {
		Names.check("key", key);
		boolean serving = this.items.isEmpty() || this.items.contains(EVERY_KEY)
				|| (this.items.contains(key) && KEY.matcher(key).matches());
		if (this.known.size() < MAX_KNOWN) {
			this.known.put(key, serving);
		}
		return serving;
	}

	@Override
	public Map<String, Boolean> known() {
		Map<String, Boolean> answers = new LinkedHashMap<>();
		answers.put("requests", serving());
		new TreeMap<>(this.known).forEach(answers::putIfAbsent);
		return Collections.unmodifiableMap(answers);
	}

	@Override
	public String toString() {
		return String.join(",", this.items);
	}

}
