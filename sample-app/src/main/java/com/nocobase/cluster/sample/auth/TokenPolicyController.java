package com.nocobase.cluster.sample.auth;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The token policy over HTTP.
 */
@RestController
@RequestMapping("/api/token-policy")
class TokenPolicyController {

	private final AuthPlugin auth;

	private final TokenPolicies policies;

	TokenPolicyController(AuthPlugin auth, TokenPolicies policies) {
		this.auth = auth;
		this.policies = policies;
	}

	@GetMapping
	TokenPolicyView read() {
		return view(this.auth.tokenPolicy());
	}

	@PutMapping
	TokenPolicyView change(@RequestBody TokenPolicy policy) {
		this.auth.changeTokenPolicy(policy);
		return view(policy);
	}

	private TokenPolicyView view(TokenPolicy policy) {
		return new TokenPolicyView(policy.expiresIn(), this.policies.loads());
	}

	record TokenPolicyView(long expiresIn, long loads) {

	}

}
