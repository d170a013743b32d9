package com.nocobase.cluster;

import com.nocobase.cluster.message.Names;
import com.nocobase.cluster.sync.SyncMessage;
import com.nocobase.cluster.sync.SyncReceipt;

/**
 * A bean that owns a feature of the application. The context calls its hooks, through the
 * bean's proxy, for all plugins in {@code @Order}: {@link #beforeLoad()} of all, then
 * {@link #load()} of all, and on the way down {@link #unload()} in reverse. A hook that
 * throws, or is not done in {@code nocobase.cluster.plugin.timeout}, stops the start.
 * <p>
 * A plugin whose state others can change overrides {@link #handleSyncMessage} and
 * {@link #resync()}. Messages are handled in order, after all plugins are loaded, from a
 * position taken before the first {@code beforeLoad}: what is read in {@code load} is
 * never older than what is still to be handled. After a stop and start of the context the
 * hooks are called again.
 */
public class Plugin {

	private final String name;

	private final ClusterApp app;

	/**
	 * Creates a plugin.
	 * @param name unique among the application's plugins
	 * @param app the application
	 * @throws IllegalArgumentException if the name is blank or too long
	 */
	public Plugin(String name, ClusterApp app) {
		this.name = Names.check("plugin name", name);
		this.app = app;
	}

	/**
	 * Returns the name.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Prepares what other plugins need while they load. All capabilities can be used.
	 * @throws Exception to stop the start
	 */
	public void beforeLoad() throws Exception {
	}

	/**
	 * Loads the plugin's state.
	 * @throws Exception to stop the start
	 */
	public void load() throws Exception {
	}

	/**
	 * Lets go of what {@link #load()} took. Nothing is delivered any more; locks and the
	 * database can still be used.
	 * @throws Exception to have it logged; the way down goes on
	 */
	public void unload() throws Exception {
	}

	/**
	 * Handles a sync message of this plugin from another instance. Reload what changed.
	 * @param message the message
	 * @throws Exception to be called again with it, and at last be resynced
	 */
	public void handleSyncMessage(SyncMessage message) throws Exception {
	}

	/**
	 * Reloads everything, because messages may have been missed.
	 * @throws Exception to be called again
	 */
	public void resync() throws Exception {
	}

	/**
	 * Tells this plugin on the other instances that something changed. Inside a
	 * transaction the message leaves after the commit, and never after a rollback.
	 * @param message any value that JSON can carry
	 * @return tells when it was sent and who has applied it
	 */
	public SyncReceipt sendSyncMessage(Object message) {
		return app().syncMessageManager().publish(name(), message);
	}

	/**
	 * Returns the application.
	 * @return the application
	 */
	protected ClusterApp app() {
		return this.app;
	}

}
