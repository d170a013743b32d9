package com.nocobase.cluster.worker;

import java.util.Map;

/**
 * What this instance serves, from {@code nocobase.cluster.worker-mode}:
 * <ul>
 * <li>empty: requests and every key</li>
 * <li>{@code !}: requests</li>
 * <li>{@code *}: every key</li>
 * <li>{@code -}: nothing; a process for one command</li>
 * <li>{@code a:process,b:process}: these keys</li>
 * <li>{@code !,a:process} or {@code !,*}: requests and those</li>
 * </ul>
 * Blanks and empty items are ignored; {@code -} stands alone. Safe from any thread.
 */
public interface WorkerMode {

	/**
	 * Returns whether this instance serves requests.
	 * @return whether it does
	 */
	boolean serving();

	/**
	 * Returns whether this instance serves a key, such as {@code task:process}.
	 * @param key the key
	 * @return whether it does
	 * @throws IllegalArgumentException if the key is blank or too long
	 */
	boolean serving(String key);

	/**
	 * Returns what was asked for so far, with the answers: {@code requests} and each key.
	 * @return the answers by name
	 */
	Map<String, Boolean> known();

	/**
	 * Reads a mode.
	 * @param text the mode, as described above
	 * @return the mode
	 * @throws IllegalArgumentException if the text cannot be read, naming the property
	 * and the text
	 */
	static WorkerMode of(String text) {
		return new ConfiguredWorkerMode(text);
	}

}
