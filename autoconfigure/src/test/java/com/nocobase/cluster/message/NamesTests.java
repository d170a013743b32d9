package com.nocobase.cluster.message;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class NamesTests {

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\t\n" })
	void blankNameIsRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> Names.check("channel", name))
			.withMessageContaining("channel");
		assertThatIllegalArgumentException().isThrownBy(() -> Names.checkKey("key", name)).withMessageContaining("key");
	}

	@Test
	void longNameIsRefused() {
		assertThat(Names.check("channel", "x".repeat(Names.MAX_NAME))).hasSize(Names.MAX_NAME);
		assertThatIllegalArgumentException().isThrownBy(() -> Names.check("channel", "x".repeat(10_000)))
			.withMessageContaining("channel")
			.withMessageContaining("10000");
		assertThat(Names.checkKey("key", "x".repeat(Names.MAX_KEY))).hasSize(Names.MAX_KEY);
		assertThatIllegalArgumentException().isThrownBy(() -> Names.checkKey("key", "x".repeat(Names.MAX_KEY + 1)));
	}

	@Test
	void differentPairsNeverGiveTheSameText() {
		assertThat(Names.scoped("crm", "news")).isEqualTo("crm:news");
		assertThat(Names.scoped("a:b", "c")).isNotEqualTo(Names.scoped("a", "b:c"));
		assertThat(Names.scoped("a%3Ab", "c")).isNotEqualTo(Names.scoped("a:b", "c"));
		assertThat(Names.shared("news")).isEqualTo(":news");
	}

	@Test
	void whatServersGiveAMeaningIsEscaped() {
		assertThat(Names.escape("crm-2_b.c")).isEqualTo("crm-2_b.c");
		assertThat(Names.escape("a*?[]{}\\%:b")).isEqualTo("a%2A%3F%5B%5D%7B%7D%5C%25%3Ab");
		assertThat(Names.escape("a\n\0b")).isEqualTo("a%0A%00b");
		assertThat(Names.scoped("a%3Ab", "c*")).isEqualTo("a%253Ab:c*");
	}

	@Test
	void instanceChecksItsNames() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Instance(" ", "id"))
			.withMessageContaining("nocobase.cluster.name");
		assertThatIllegalArgumentException().isThrownBy(() -> new Instance("app", ""))
			.withMessageContaining("nocobase.cluster.instance-id");
	}

}
