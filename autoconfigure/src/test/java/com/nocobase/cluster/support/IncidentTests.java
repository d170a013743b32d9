package com.nocobase.cluster.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.impl.NoOpLog;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class IncidentTests {

	private final ManualTime time = new ManualTime();

	private final SignalCounts signals = new SignalCounts();

	private final List<String> logged = new ArrayList<>();

	private final Log log = new RecordingLog();

	private final Incident incident = new Incident(this.log, this.time.runtime(), this.signals, "test.dropped");

	@Test
	void everyOneIsCountedButOneAMinuteIsLogged() {
		for (int i = 0; i < 10; i++) {
			this.incident.warn("channel", "dropped", null);
		}
		assertThat(this.logged).containsExactly("warn");

		this.time.advance(Duration.ofMinutes(1));
		this.incident.error("channel", "dropped", null);

		assertThat(this.logged).containsExactly("warn", "error");
		assertThat(this.signals.of("test.dropped")).isEqualTo(11);
	}

	@Test
	void itIsRememberedForAMinute() {
		assertThat(this.incident.isRecent()).isFalse();
		this.incident.warn("channel", "dropped", null);
		assertThat(this.incident.isRecent()).isTrue();

		this.time.advance(Duration.ofMinutes(1));

		assertThat(this.incident.isRecent()).isFalse();
	}

	@Test
	void callbackHangsAfterAMinute() {
		HangWatch watch = new HangWatch(this.time.runtime());
		watch.begin();
		this.time.advance(Duration.ofSeconds(59));
		assertThat(watch.hangs()).isFalse();
		this.time.advance(Duration.ofSeconds(2));
		assertThat(watch.hangs()).isTrue();

		watch.end();

		assertThat(watch.hangs()).isFalse();
	}

	private final class RecordingLog extends NoOpLog {

		private static final long serialVersionUID = 1L;

		@Override
		public void warn(Object message, @Nullable Throwable cause) {
			IncidentTests.this.logged.add("warn");
		}

		@Override
		public void error(Object message, @Nullable Throwable cause) {
			IncidentTests.this.logged.add("error");
		}

	}

}
