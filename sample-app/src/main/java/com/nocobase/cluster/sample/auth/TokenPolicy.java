package com.nocobase.cluster.sample.auth;

import com.nocobase.cluster.sample.web.ProblemException;

/**
 * How long tokens are valid.
 *
 * @param expiresIn seconds, at least 1
 */
record TokenPolicy(long expiresIn) {

	TokenPolicy {
		ProblemException.badRequestUnless(expiresIn >= 1,
				"expiresIn must be a whole number of seconds and at least 1, but is " + expiresIn);
	}

}
