package com.nocobase.cluster.sample.web;

import java.io.IOException;
import java.io.Writer;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Turns what Tomcat itself refuses, such as a malformed path, into a problem too.
 */
class ProblemValve extends ErrorReportValve {

	@Override
	protected void report(Request request, Response response, @Nullable Throwable failure) {
		HttpStatus status = HttpStatus.resolve(response.getStatus());
		if (status == null || !status.isError() || response.getContentWritten() > 0 || !response.setErrorReported()) {
			return;
		}
		response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
		try (Writer writer = response.getReporter()) {
			if (writer != null) {
				writer.write("{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d}"
					.formatted(status.getReasonPhrase(), status.value()));
			}
		}
		catch (IOException ex) {
			this.container.getLogger().debug("A problem could not be written", ex);
		}
	}

	/**
	 * Puts the valve behind Tomcat's own, so that it comes first.
	 */
	@Component
	static class Customizer implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {

		@Override
		public void customize(ConfigurableTomcatWebServerFactory factory) {
			factory.addContextCustomizers((context) -> context.getParent().getPipeline().addValve(new ProblemValve()));
		}

	}

}
