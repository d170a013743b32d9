package com.nocobase.cluster.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;

/**
 * Starts the sample. Its errors are problems (RFC 9457), so it has no error page.
 */
@SpringBootApplication(exclude = ErrorMvcAutoConfiguration.class)
public class SampleApplication {

	/**
	 * Starts the sample.
	 * @param args properties, such as {@code --server.port=8081}
	 */
	public static void main(String[] args) {
		SpringApplication.run(SampleApplication.class, args);
	}

}
