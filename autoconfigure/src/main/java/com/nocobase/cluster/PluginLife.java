package com.nocobase.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.tx.ReactiveTransactions;

/**
 * Calls the hooks of all plugins: on the way up in order, on the way down in reverse. A
 * start that fails unloads what was loaded before it.
 */
class PluginLife {

	private static final Log logger = LogFactory.getLog(PluginLife.class);

	private final ObjectProvider<Plugin> plugins;

	private final PluginSubscriptions subscriptions;

	private final ClusterRuntime runtime;

	private final PluginProperties properties;

	/** In order; only the lifecycle's threads come here, one after the other. */
	private final List<Plugin> loaded = Collections.synchronizedList(new ArrayList<>());

	PluginLife(ObjectProvider<Plugin> plugins, PluginSubscriptions subscriptions, ClusterRuntime runtime,
			PluginProperties properties) {
		this.plugins = plugins;
		this.subscriptions = subscriptions;
		this.runtime = runtime;
		this.properties = properties;
	}

	void load() {
		List<Plugin> all = this.plugins.orderedStream().toList();
		check(all);
		try {
			all.forEach(this.subscriptions::open);
			all.forEach((plugin) -> start(plugin, "beforeLoad", plugin::beforeLoad));
			for (Plugin plugin : all) {
				start(plugin, "load", plugin::load);
				this.loaded.add(plugin);
			}
		}
		catch (RuntimeException ex) {
			unload();
			throw ex;
		}
	}

	void unload() {
		this.subscriptions.close();
		List<Plugin> reverse = new ArrayList<>(this.loaded);
		Collections.reverse(reverse);
		this.loaded.clear();
		for (Plugin plugin : reverse) {
			Exception failure = call(plugin::unload, this.properties.unloadTimeout());
			if (failure != null) {
				logger.warn(LogMessage.format("Plugin '%s' did not unload; going on", plugin.name()), failure);
			}
		}
	}

	private static void check(List<Plugin> all) {
		Map<String, Class<?>> classes = new HashMap<>();
		for (Plugin plugin : all) {
			Class<?> type = AopUtils.getTargetClass(plugin);
			Class<?> other = classes.putIfAbsent(plugin.name(), type);
			if (other != null) {
				throw new PluginException("Two plugins have the name '%s': %s and %s".formatted(plugin.name(),
						other.getName(), type.getName()), null);
			}
			ReactiveTransactions.refuse(type);
		}
	}

	private void start(Plugin plugin, String name, Hook hook) {
		Exception failure = call(hook, this.properties.timeout());
		if (failure != null) {
			String what = (failure instanceof TimeoutException) ? "was not done within " + this.properties.timeout()
					: "failed: " + failure.getMessage();
			throw new PluginException("%s of plugin '%s' (%s) %s".formatted(name, plugin.name(),
					AopUtils.getTargetClass(plugin).getName(), what), failure);
		}
	}

	private @Nullable Exception call(Hook hook, Duration limit) {
		try {
			this.runtime.callWithin(() -> {
				hook.call();
				return true;
			}, limit);
			return null;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return ex;
		}
		catch (Exception ex) {
			return ex;
		}
	}

	/**
	 * A hook of a plugin.
	 */
	private interface Hook {

		void call() throws Exception;

	}

}
