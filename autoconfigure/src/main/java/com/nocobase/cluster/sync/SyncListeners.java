package com.nocobase.cluster.sync;

import java.lang.reflect.Method;
import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.log.LogMessage;
import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

import com.nocobase.cluster.message.MessageTypes;
import com.nocobase.cluster.support.AnnotatedMethods.Values;
import com.nocobase.cluster.support.BeanMethod;
import com.nocobase.cluster.support.Signals;

/**
 * Subscribes methods that carry {@link SyncListener}.
 */
final class SyncListeners {

	private static final Log logger = LogFactory.getLog(SyncListeners.class);

	private final SyncMessageManager manager;

	private final Signals signals;

	SyncListeners(SyncMessageManager manager, Signals signals) {
		this.manager = manager;
		this.signals = signals;
	}

	void register(BeanMethod method, SyncListener listener, Values values) {
		Class<?>[] parameters = method.method().getParameterTypes();
		Assert.isTrue(parameters.length == 1,
				"it must have exactly one parameter, SyncMessage or the class of the messages");
		SyncOptions options = SyncOptions.DEFAULTS;
		String debounce = values.resolve(listener.debounce());
		if (StringUtils.hasText(debounce)) {
			Duration parsed = DurationStyle.detectAndParse(debounce);
			options = options.withDebounce(parsed);
		}
		if (StringUtils.hasText(listener.resync())) {
			options = options.withResync(resync(method, listener.resync()));
		}
		else {
			logger.warn(LogMessage.format("%s has no resync method, so what it misses cannot be made good", method));
		}
		this.manager.subscribe(values.resolve(listener.channel()), options, handler(method, parameters[0]));
	}

	private SyncHandler handler(BeanMethod method, Class<?> type) {
		if (type == SyncMessage.class) {
			return (message) -> method.invoke(message);
		}
		MessageTypes.nameOf(type);
		return (message) -> {
			if (message.is(type)) {
				method.invoke(message.as(type));
			}
			else {
				this.signals.count("sync.skipped", message.channel());
				logger.debug(LogMessage.format("%s skipped a message of type '%s'", method, message.type()));
			}
		};
	}

	private static Runnable resync(BeanMethod listener, String name) {
		Object bean = listener.bean();
		Method found = ReflectionUtils.findMethod(AopUtils.getTargetClass(bean), name);
		Assert.isTrue(found != null, () -> "there is no method %s() to resync with".formatted(name));
		BeanMethod resync = new BeanMethod(bean, AopUtils.selectInvocableMethod(found, bean.getClass()));
		return () -> {
			try {
				resync.invoke();
			}
			catch (RuntimeException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new SyncException(resync + " failed", ex);
			}
		};
	}

}
