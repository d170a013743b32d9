package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

import com.nocobase.cluster.support.AnnotatedMethods;
import com.nocobase.cluster.support.BeanMethod;

/**
 * Subscribes the methods that carry {@link QueueListener}.
 */
final class QueueListeners implements AnnotatedMethods.Registrar<QueueListener> {

	private final Supplier<EventQueue> queue;

	QueueListeners(Supplier<EventQueue> queue) {
		this.queue = queue;
	}

	@Override
	public void register(BeanMethod method, QueueListener listener, AnnotatedMethods.Values values) {
		Class<?>[] parameters = method.method().getParameterTypes();
		boolean withContext = parameters.length == 2 && parameters[1] == TaskContext.class;
		Assert.isTrue((parameters.length == 1 && parameters[0] != TaskContext.class) || withContext,
				"it needs a parameter for the task, and may have a second one of type TaskContext");
		String concurrency = values.resolve(listener.concurrency());
		String serving = values.resolve(listener.serving());
		QueueOptions options = new QueueOptions(number(concurrency), QueueOptions.DEFAULTS.idle(),
				StringUtils.hasText(serving) ? serving : null, listener.shared(),
				duration(values.resolve(listener.timeout())));
		subscribe(values.resolve(listener.channel()), ClassUtils.resolvePrimitiveIfNecessary(parameters[0]), options,
				method, withContext);
	}

	private <T> void subscribe(String channel, Class<T> type, QueueOptions options, BeanMethod method,
			boolean withContext) {
		TaskHandler<T> handler = withContext ? (task, context) -> method.invoke(task, context)
				: (task, context) -> method.invoke(task);
		this.queue.get().subscribe(channel, type, options, handler);
	}

	private static int number(String text) {
		try {
			return Integer.parseInt(text.trim());
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("concurrency must be a number, but is '" + text + "'", ex);
		}
	}

	private static @Nullable Duration duration(String text) {
		return StringUtils.hasText(text) ? DurationStyle.detectAndParse(text.trim()) : null;
	}

}
