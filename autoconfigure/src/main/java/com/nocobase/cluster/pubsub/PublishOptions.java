package com.nocobase.cluster.pubsub;

/**
 * Who gets a message.
 *
 * @param skipSelf whether the publishing instance is left out
 * @param onlySelf whether the message never leaves the process; wins over
 * {@code skipSelf}
 */
public record PublishOptions(boolean skipSelf, boolean onlySelf) {

	/** To the others. */
	public static final PublishOptions DEFAULTS = new PublishOptions(true, false);

	/** To the others and to the publishing instance. */
	public static final PublishOptions TO_ALL = new PublishOptions(false, false);

	/** To the publishing instance alone. */
	public static final PublishOptions ONLY_SELF = new PublishOptions(false, true);

}
