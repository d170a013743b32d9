package com.nocobase.cluster;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.log.LogMessage;
import org.springframework.util.ReflectionUtils;

import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.sync.SyncMessage;
import com.nocobase.cluster.sync.SyncMessageManager;
import com.nocobase.cluster.sync.SyncOptions;

/**
 * Subscribes each plugin that handles sync messages to the channel of its name; the
 * others cost nothing.
 */
class PluginSubscriptions {

	private static final Log logger = LogFactory.getLog(PluginSubscriptions.class);

	private final ObjectProvider<SyncMessageManager> manager;

	private final List<Subscription> open = new CopyOnWriteArrayList<>();

	PluginSubscriptions(ObjectProvider<SyncMessageManager> manager) {
		this.manager = manager;
	}

	void open(Plugin plugin) {
		boolean handles = overrides(plugin, "handleSyncMessage", SyncMessage.class);
		boolean resyncs = overrides(plugin, "resync");
		if (!handles && !resyncs) {
			return;
		}
		SyncMessageManager available = this.manager.getIfAvailable();
		if (available == null) {
			logger.warn(LogMessage.format(
					"Plugin '%s' handles sync messages, but nocobase.cluster.sync.enabled is false", plugin.name()));
			return;
		}
		if (!resyncs) {
			logger.warn(LogMessage.format(
					"Plugin '%s' handles sync messages but has no resync(): what it misses it never learns",
					plugin.name()));
		}
		SyncOptions options = resyncs ? SyncOptions.DEFAULTS.withResync(() -> resync(plugin)) : SyncOptions.DEFAULTS;
		this.open.add(available.subscribe(plugin.name(), options, plugin::handleSyncMessage));
	}

	void close() {
		this.open.forEach(Subscription::close);
		this.open.clear();
	}

	private static void resync(Plugin plugin) {
		try {
			plugin.resync();
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new PluginException("resync of plugin '%s' failed".formatted(plugin.name()), ex);
		}
	}

	private static boolean overrides(Plugin plugin, String method, Class<?>... parameters) {
		var found = ReflectionUtils.findMethod(AopUtils.getTargetClass(plugin), method, parameters);
		return found != null && found.getDeclaringClass() != Plugin.class;
	}

}
