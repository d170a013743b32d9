package com.nocobase.cluster.message;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Names and their scope.
 */
class NamesTests {

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\t\n" })
	void blankNameIsRefusedWithWhatItIsFor(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> Names.check("channel", name))
			.withMessage("channel must not be blank");
	}

	@Test
	void longNameIsRefusedWithItsLength() {
		assertThatIllegalArgumentException().isThrownBy(() -> Names.check("channel", "x".repeat(10_000)))
			.withMessage("channel must have at most 200 characters, but has 10000");
		assertThatIllegalArgumentException().isThrownBy(() -> Names.checkKey("key", "x".repeat(10_000)))
			.withMessage("key must have at most 1000 characters, but has 10000");
		assertThat(Names.checkKey("key", "x".repeat(1_000))).hasSize(1_000);
	}

	@Test
	void differentPairsNeverGiveTheSameScopedName() {
		List<String> scoped = List.of(Names.scoped("a", "b:c"), Names.scoped("a:b", "c"), Names.scoped("a%3Ab", "c"),
				Names.scoped("a%", "3Ab:c"), Names.shared("a:b:c"), Names.shared("b:c"));
		assertThat(scoped).doesNotHaveDuplicates();
	}

	@Test
	void instanceNeedsBothNames() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Instance(" ", "one"))
			.withMessageContaining("nocobase.cluster.name");
		assertThatIllegalArgumentException().isThrownBy(() -> new Instance("crm", ""))
			.withMessageContaining("nocobase.cluster.instance-id");
	}

}
