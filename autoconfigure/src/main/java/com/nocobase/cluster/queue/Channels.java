package com.nocobase.cluster.queue;

import com.nocobase.cluster.message.Names;

/**
 * Names of channels as the application uses them, and as an adapter gets them.
 */
final class Channels {

	private static final String SHARED = Names.shared("");

	private final String ours;

	Channels(String app) {
		this.ours = Names.scoped(app, "");
	}

	String scoped(String channel, boolean shared) {
		return (shared ? SHARED : this.ours) + Names.check("channel", channel);
	}

	boolean isShared(String scoped) {
		return scoped.startsWith(SHARED);
	}

	boolean isOurs(String scoped) {
		return isShared(scoped) || scoped.startsWith(this.ours);
	}

	String plain(String scoped) {
		return scoped.substring((isShared(scoped) ? SHARED : this.ours).length());
	}

}
