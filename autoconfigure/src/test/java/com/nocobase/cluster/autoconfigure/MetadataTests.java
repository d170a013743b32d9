package com.nocobase.cluster.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The metadata that an editor shows: every property with a sentence, and the defaults
 * that a user reads in the README.
 */
class MetadataTests {

	private final List<JsonNode> properties = read();

	@Test
	void everyPropertyHasADescriptionThatIsASentence() {
		assertThat(this.properties).isNotEmpty().allSatisfy((property) -> {
			String description = property.path("description").asString("");
			assertThat(description).as(name(property)).isNotBlank().endsWith(".").doesNotStartWith("The ");
		});
	}

	@Test
	void everyPropertyIsOurs() {
		assertThat(this.properties)
			.allSatisfy((property) -> assertThat(name(property)).startsWith("nocobase.cluster."));
	}

	@Test
	void everyCapabilityCanBeSwitchedOffAndIsOnByDefault() {
		for (String capability : List.of("cache", "pubsub", "sync", "queue", "lock", "worker-id", "members")) {
			assertThat(defaultOf("nocobase.cluster." + capability + ".enabled")).as(capability).isEqualTo("true");
		}
	}

	@Test
	void defaultsAreThoseOfTheDocumentation() {
		assertThat(defaultOf("nocobase.cluster.cache.store")).isEqualTo("memory");
		assertThat(defaultOf("nocobase.cluster.pubsub.adapter")).isEqualTo("memory");
		assertThat(defaultOf("nocobase.cluster.sync.adapter")).isEqualTo("memory");
		assertThat(defaultOf("nocobase.cluster.sync.debounce")).isEqualTo("1s");
		assertThat(defaultOf("nocobase.cluster.queue.adapter")).isEqualTo("memory");
		assertThat(defaultOf("nocobase.cluster.queue.timeout")).isEqualTo("15s");
		assertThat(defaultOf("nocobase.cluster.queue.max-concurrency")).isEqualTo("256");
		assertThat(defaultOf("nocobase.cluster.queue.max-crashes")).isEqualTo("3");
		assertThat(defaultOf("nocobase.cluster.queue.drain")).isEqualTo("20s");
		assertThat(defaultOf("nocobase.cluster.lock.adapter")).isEqualTo("local");
		assertThat(names()).contains("nocobase.cluster.lock.connection-factory", "nocobase.cluster.lock.registry-key");
		assertThat(defaultOf("nocobase.cluster.lock.ttl")).isEqualTo("30s");
		assertThat(defaultOf("nocobase.cluster.lock.max-wait")).isEqualTo("60s");
		assertThat(defaultOf("nocobase.cluster.lock.max-hold")).isEqualTo("10m");
		assertThat(defaultOf("nocobase.cluster.members.ttl")).isEqualTo("15s");
		assertThat(defaultOf("nocobase.cluster.max-payload")).isEqualTo("1MB");
	}

	private String defaultOf(String name) {
		return this.properties.stream()
			.filter((property) -> name(property).equals(name))
			.findFirst()
			.orElseThrow(() -> new AssertionError("There is no " + name + " in " + names()))
			.path("defaultValue")
			.asString("");
	}

	private Set<String> names() {
		Set<String> names = new TreeSet<>();
		this.properties.forEach((property) -> names.add(name(property)));
		return Collections.unmodifiableSet(names);
	}

	private static String name(JsonNode property) {
		return property.path("name").asString("");
	}

	private static List<JsonNode> read() {
		try (InputStream in = MetadataTests.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			return JsonMapper.builder().build().readTree(in).path("properties").valueStream().toList();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
