package com.nocobase.cluster.member;

import java.time.Clock;

import com.nocobase.cluster.message.Instance;

/**
 * This instance as the others shall see it.
 */
final class Announcement {

	private static final String VERSION = version();

	private final Instance instance;

	private final MemberDetails details;

	private final Clock clock;

	Announcement(Instance instance, MemberDetails details, Clock clock) {
		this.instance = instance;
		this.details = details;
		this.clock = clock;
	}

	Member now() {
		return new Member(this.instance.id(), VERSION, this.clock.instant(), this.details.serving(),
				this.details.adapters());
	}

	private static String version() {
		String version = Member.class.getPackage().getImplementationVersion();
		return (version != null) ? version : "development";
	}

}
