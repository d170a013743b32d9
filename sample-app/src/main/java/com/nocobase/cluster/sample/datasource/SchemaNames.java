package com.nocobase.cluster.sample.datasource;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

import com.nocobase.cluster.sample.web.ProblemException;

/**
 * What collections and fields may be called.
 */
public final class SchemaNames {

	private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

	private SchemaNames() {
	}

	/**
	 * Checks a name.
	 * @param name name of a collection or a field
	 * @return the name
	 * @throws ProblemException with status 400 if it is no name
	 */
	public static String check(@Nullable String name) {
		if (name == null || !NAME.matcher(name).matches()) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "A name has 1 to 64 letters, digits, _ and -");
		}
		return name;
	}

}
