package com.nocobase.cluster.support;

/**
 * A pattern in which {@code *} stands for any characters and {@code ?} for one. The time
 * to match rises with the product of both lengths at most.
 *
 * @param pattern the pattern
 */
public record Glob(String pattern) {

	/**
	 * Returns whether a text matches.
	 * @param text the text
	 * @return whether all of it does
	 */
	public boolean matches(String text) {
		int at = 0;
		int next = 0;
		int star = -1;
		int resume = 0;
		while (at < text.length()) {
			if (next < this.pattern.length() && this.pattern.charAt(next) == '*') {
				star = next++;
				resume = at;
			}
			else if (next < this.pattern.length() && matches(this.pattern.charAt(next), text.charAt(at))) {
				next++;
				at++;
			}
			else if (star >= 0) {
				next = star + 1;
				at = ++resume;
			}
			else {
				return false;
			}
		}
		while (next < this.pattern.length() && this.pattern.charAt(next) == '*') {
			next++;
		}
		return next == this.pattern.length();
	}

	private static boolean matches(char pattern, char text) {
		return pattern == '?' || pattern == text;
	}

}
