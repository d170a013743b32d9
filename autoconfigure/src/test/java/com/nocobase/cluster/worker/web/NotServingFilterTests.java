package com.nocobase.cluster.worker.web;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.function.Function;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.ClusterWebAutoConfiguration;
import com.nocobase.cluster.autoconfigure.WorkerAutoConfiguration;
import com.nocobase.cluster.worker.WorkerMode;

import static org.assertj.core.api.Assertions.assertThat;

class NotServingFilterTests {

	private static HttpResponse<String> get(String port, String path) {
		try {
			return HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
						HttpResponse.BodyHandlers.ofString());
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static ConfigurableApplicationContext start(String... properties) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.SERVLET)
			.properties(Map.of("server.port", "0", "spring.main.banner-mode", "off", "nocobase.cluster.worker-mode",
					"task:process", "management.health.defaults.enabled", "false", "management.health.ping.enabled",
					"true", "spring.main.lazy-initialization", "true"))
			.properties(properties)
			.run();
	}

	private static String port(ConfigurableApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("local.server.port");
	}

	@Test
	void everyPathButTheActuatorsIsRefused() {
		try (ConfigurableApplicationContext context = start()) {
			HttpResponse<String> refused = get(port(context), "/hello");
			assertThat(refused.statusCode()).isEqualTo(503);
			assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
			assertThat(refused.body()).contains("\"status\":503", "\"title\":\"Service Unavailable\"", "worker-mode");
			assertThat(get(port(context), "/").statusCode()).isEqualTo(503);
			assertThat(get(port(context), "/missing").statusCode()).isEqualTo(503);
			assertThat(get(port(context), "/actuatorhello").statusCode()).isEqualTo(503);
			assertThat(get(port(context), "/actuator").statusCode()).isEqualTo(200);
			assertThat(get(port(context), "/actuator/health").statusCode()).isEqualTo(200);
			assertThat(get(port(context), "/actuator/missing").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void actuatorIsFoundWhereItWasMoved() {
		try (ConfigurableApplicationContext context = start("management.endpoints.web.base-path=/",
				"server.servlet.context-path=/app", "spring.mvc.servlet.path=/web",
				"management.endpoint.health.group.live.include=ping",
				"management.endpoint.health.group.live.additional-path=server:/livez")) {
			assertThat(get(port(context), "/app/web/health").statusCode()).isEqualTo(200);
			assertThat(get(port(context), "/app/web/livez").statusCode()).isEqualTo(200);
			assertThat(get(port(context), "/app/web/hello").statusCode()).isEqualTo(503);
		}
	}

	@Test
	void actuatorOnItsOwnPortIsLeftAlone() {
		try (ConfigurableApplicationContext context = start("management.server.port=0")) {
			String management = context.getEnvironment().getRequiredProperty("local.management.port");
			assertThat(get(management, "/actuator/health").statusCode()).isEqualTo(200);
			assertThat(get(port(context), "/actuator/health").statusCode()).isEqualTo(503);
			assertThat(get(port(context), "/hello").statusCode()).isEqualTo(503);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "!", "!,task:process", "!,*" })
	void requestsAreServedWhereTheModeSaysSo(String mode) {
		assertThat(status(WorkerMode.of(mode), "/hello")).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "*", "-", "task:process" })
	void requestsAreRefusedWhereTheModeDoesNotSaySo(String mode) {
		assertThat(status(WorkerMode.of(mode), "/hello")).isEqualTo(503);
	}

	private static int status(WorkerMode mode, String path) {
		MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
		request.setServletPath(path);
		MockHttpServletResponse response = new MockHttpServletResponse();
		try {
			new NotServingFilter(mode, (always) -> false).doFilter(request, response, new MockFilterChain());
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		return response.getStatus();
	}

	@Test
	void filterComesFirstAndNeedsNoActuator() {
		Function<WebApplicationContextRunner, WebApplicationContextRunner> cluster = (runner) -> runner
			.withUserConfiguration(Cluster.class);
		cluster.apply(new WebApplicationContextRunner())
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> {
				assertThat(context).hasSingleBean(FilterRegistrationBean.class);
				assertThat(context.getBean(FilterRegistrationBean.class).getOrder())
					.isEqualTo(Ordered.HIGHEST_PRECEDENCE);
			});
		cluster.apply(new WebApplicationContextRunner())
			.withPropertyValues("nocobase.cluster.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
	@RestController
	static class Application {

		@GetMapping({ "/", "/hello", "/actuatorhello" })
		String hello() {
			return "hello";
		}

	}

	@ImportAutoConfiguration({ ClusterAutoConfiguration.class, WorkerAutoConfiguration.class,
			ClusterWebAutoConfiguration.class })
	static class Cluster {

	}

}
