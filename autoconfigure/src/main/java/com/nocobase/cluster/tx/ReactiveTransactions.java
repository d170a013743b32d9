package com.nocobase.cluster.tx;

import java.lang.reflect.Method;

import org.springframework.core.MethodIntrospector;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Refuses reactive transactions: they belong to a subscriber and not to a thread, so what
 * is published within one could not wait for its commit.
 */
public final class ReactiveTransactions {

	private static final String ANNOTATION = "org.springframework.transaction.annotation.Transactional";

	private ReactiveTransactions() {
	}

	/**
	 * Checks a class whose methods use the cluster.
	 * @param type the class
	 * @throws IllegalStateException if one of its transactional methods returns a
	 * reactive type
	 */
	public static void refuse(Class<?> type) {
		ReactiveAdapterRegistry reactive = ReactiveAdapterRegistry.getSharedInstance();
		for (Method method : MethodIntrospector.selectMethods(type,
				(ReflectionUtils.MethodFilter) ReactiveTransactions::isTransactional)) {
			if (reactive.getAdapter(method.getReturnType()) != null) {
				throw new IllegalStateException(
						"%s.%s runs in a reactive transaction, whose commit messages and locks cannot wait for; "
							.formatted(type.getName(), method.getName())
								+ "use a PlatformTransactionManager, or publish after the transaction has ended");
			}
		}
	}

	private static boolean isTransactional(Method method) {
		return AnnotatedElementUtils.isAnnotated(method, ANNOTATION)
				|| AnnotatedElementUtils.isAnnotated(method.getDeclaringClass(), ANNOTATION);
	}

}
