package com.nocobase.cluster.queue;

import com.nocobase.cluster.message.Names;

/**
 * Names of channels as the application uses them, and as an adapter gets them.
 *
 * @param app name of the application
 */
record Channels(String app) {

	String scoped(String channel, boolean shared) {
		Names.check("channel", channel);
		return shared ? Names.shared(channel) : Names.scoped(this.app, channel);
	}

	boolean isShared(String scoped) {
		return scoped.startsWith(Names.shared(""));
	}

	boolean isOurs(String scoped) {
		return isShared(scoped) || scoped.startsWith(Names.scoped(this.app, ""));
	}

	String plain(String scoped) {
		return scoped.substring(scoped.indexOf(':') + 1);
	}

}
