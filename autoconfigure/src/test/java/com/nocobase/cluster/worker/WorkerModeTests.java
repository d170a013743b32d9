package com.nocobase.cluster.worker;

import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class WorkerModeTests {

	/** I6: blanks, {@code !,*} and {@code -}. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			""                     | true  | true  | true
			"  "                   | true  | true  | true
			!                      | true  | false | false
			*                      | false | true  | true
			-                      | false | false | false
			a:process              | false | true  | false
			a:process,b:process    | false | true  | true
			" a:process , b:process " | false | true | true
			"a:process,,b:process" | false | true  | true
			"!, a:process"         | true  | true  | false
			!,*                    | true  | true  | true
			*,!                    | true  | true  | true
			""")
	void modeSaysWhatIsServed(String text, boolean requests, boolean a, boolean b) {
		WorkerMode mode = WorkerMode.of(text);

		assertThat(mode.serving()).isEqualTo(requests);
		assertThat(mode.serving("a:process")).isEqualTo(a);
		assertThat(mode.serving("b:process")).isEqualTo(b);
	}

	/** I6. */
	@ParameterizedTest
	@ValueSource(strings = { "!x", "!a:process", "-,a", "a,-", "-,!", "a b", "a;b", "**", ":a", "a:process !", "<a>" })
	void unknownSyntaxIsRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> WorkerMode.of(text))
			.withMessageContaining("nocobase.cluster.worker-mode")
			.withMessageContaining("'" + text + "'");
	}

	@Test
	void signsAreNoKeys() {
		assertThat(WorkerMode.of("!").serving("!")).isFalse();
		assertThat(WorkerMode.of("-").serving("-")).isFalse();
	}

	@Test
	void knownHasWhatWasAskedFor() {
		WorkerMode mode = WorkerMode.of("!,task:process");
		mode.serving("task:process");
		mode.serving("mail:process");

		assertThat(mode.known())
			.containsExactlyEntriesOf(sorted("requests", true, "mail:process", false, "task:process", true));
		for (int i = 0; i < 5_000; i++) {
			mode.serving("key-" + i);
		}
		assertThat(mode.known()).hasSizeLessThanOrEqualTo(1_001);
	}

	@Test
	void badKeyIsRefused() {
		WorkerMode mode = WorkerMode.of("");

		assertThatIllegalArgumentException().isThrownBy(() -> mode.serving(" "));
		assertThatIllegalArgumentException().isThrownBy(() -> mode.serving("k".repeat(10_000)));
	}

	private static Map<String, Boolean> sorted(String first, boolean one, String second, boolean two, String third,
			boolean three) {
		Map<String, Boolean> map = new LinkedHashMap<>();
		map.put(first, one);
		map.put(second, two);
		map.put(third, three);
		return map;
	}

}
