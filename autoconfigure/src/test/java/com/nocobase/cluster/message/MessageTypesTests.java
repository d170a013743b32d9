package com.nocobase.cluster.message;

import java.util.Map;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MessageTypesTests {

	@Test
	void nameIsTheSimpleNameInKebabCase() {
		assertThat(MessageTypes.nameOf(FieldRemoved.class)).isEqualTo("field-removed");
		assertThat(MessageTypes.nameOf(HTTPRequest2.class)).isEqualTo("http-request2");
	}

	@Test
	void annotationNamesTheType() {
		assertThat(MessageTypes.nameOf(Renamed.class)).isEqualTo("field-removed");
		assertThatIllegalArgumentException().isThrownBy(() -> MessageTypes.nameOf(Blank.class))
			.withMessageContaining("@MessageType");
	}

	@Test
	@SuppressWarnings("GetClassOnEnum") // the class that a sender sees
	void constantWithABodyIsOfItsEnum() {
		assertThat(MessageTypes.nameOf(Color.RED.getClass())).isEqualTo("color");
		assertThat(MessageTypes.nameOf(Color.BLUE.getClass())).isEqualTo("color");
	}

	@Test
	void receiverAcceptsItsTypeOrAll() {
		assertThat(MessageTypes.accepts(FieldRemoved.class, "field-removed")).isTrue();
		assertThat(MessageTypes.accepts(FieldRemoved.class, "field-added")).isFalse();
		assertThat(MessageTypes.accepts(Object.class, "anything")).isTrue();
		assertThat(MessageTypes.accepts(Map.class, "anything")).isTrue();
		assertThat(MessageTypes.accepts(JsonNode.class, "anything")).isTrue();
		assertThat(MessageTypes.accepts(ObjectNode.class, "anything")).isTrue();
		assertThat(MessageTypes.accepts(int.class, "number")).isTrue();
	}

	record FieldRemoved(String field) {
	}

	record HTTPRequest2(String url) {
	}

	@MessageType("field-removed")
	record Renamed(String field) {
	}

	@MessageType(" ")
	record Blank(String field) {
	}

	enum Color {

		RED,

		BLUE {

			@Override
			public String toString() {
				return "deep";
			}

		}

	}

}
