package com.nocobase.cluster.message;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Logical types.
 */
class MessageTypesTests {

	@Test
	void typeIsTheSimpleNameInKebabCase() {
		assertThat(MessageTypes.nameOf(FieldRemoved.class)).isEqualTo("field-removed");
		assertThat(MessageTypes.nameOf(HTTPRequestV2.class)).isEqualTo("http-request-v2");
	}

	@Test
	void annotationWins() {
		assertThat(MessageTypes.nameOf(Renamed.class)).isEqualTo("old-name");
	}

	@Test
	void kindsOfJsonShareOneNameEach() {
		assertThat(MessageTypes.nameOf(Integer.class)).isEqualTo(MessageTypes.nameOf(long.class)).isEqualTo("number");
		assertThat(MessageTypes.nameOf(String.class)).isEqualTo("string");
		assertThat(MessageTypes.nameOf(boolean.class)).isEqualTo("boolean");
		assertThat(MessageTypes.nameOf(List.of().getClass())).isEqualTo(MessageTypes.nameOf(int[].class))
			.isEqualTo("list");
		assertThat(MessageTypes.nameOf(Map.of().getClass())).isEqualTo("map");
	}

	@Test
	void constantOfAnEnumWithABodyHasTheTypeOfItsEnum() {
		assertThat(MessageTypes.nameOf(((Object) Color.RED).getClass())).isEqualTo("color");
	}

	@Test
	void classWithoutANameIsRefused() {
		Supplier<String> lambda = () -> "";
		assertThatIllegalArgumentException().isThrownBy(() -> MessageTypes.nameOf(lambda.getClass()));
		Object anonymous = new Object() {
		};
		assertThatIllegalArgumentException().isThrownBy(() -> MessageTypes.nameOf(anonymous.getClass()))
			.withMessageContaining("has no name that a receiver could know");
	}

	@Test
	void receiverTakesItsOwnTypeOrAll() {
		assertThat(MessageTypes.accepts(FieldRemoved.class, "field-removed")).isTrue();
		assertThat(MessageTypes.accepts(FieldRemoved.class, "field-added")).isFalse();
		assertThat(MessageTypes.accepts(Object.class, "field-added")).isTrue();
		assertThat(MessageTypes.accepts(Map.class, "field-added")).isTrue();
		assertThat(MessageTypes.accepts(JsonNode.class, "field-added")).isTrue();
		assertThat(MessageTypes.accepts(Long.class, "number")).isTrue();
	}

	record FieldRemoved(String field) {
	}

	record HTTPRequestV2(String path) {
	}

	@MessageType("old-name")
	record Renamed(String field) {
	}

	enum Color {

		RED {
		}

	}

}
