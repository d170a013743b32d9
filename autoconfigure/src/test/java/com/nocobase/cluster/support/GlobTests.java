package com.nocobase.cluster.support;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GlobTests {

	@Test
	void patternsAreMatchedInShortTime() {
		assertThat(new Glob("*a".repeat(400) + "b").matches("a".repeat(1_000))).isFalse();
		assertThat(new Glob("a*b?d*").matches("a--bb--d")).isFalse();
		assertThat(new Glob("a*b?d*").matches("a--bbcd")).isTrue();
		assertThat(new Glob("**").matches("")).isTrue();
	}

}
