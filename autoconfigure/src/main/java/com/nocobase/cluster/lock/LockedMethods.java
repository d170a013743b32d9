package com.nocobase.cluster.lock;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.MethodClassKey;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.expression.EvaluationContext;
import org.springframework.util.Assert;

/**
 * What {@link Locked @Locked} says, read once for each method.
 */
final class LockedMethods implements BeanFactoryAware {

	private final Map<MethodClassKey, LockedMethod> methods = new ConcurrentHashMap<>();

	private @Nullable ConfigurableBeanFactory beanFactory;

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = (ConfigurableBeanFactory) beanFactory;
	}

	/**
	 * Returns what is said about a method.
	 * @param method the method, or the one of an interface that it implements
	 * @param type the class of the bean behind its proxies
	 * @return what is said
	 * @throws RuntimeException if it cannot work
	 */
	LockedMethod get(Method method, Class<?> type) {
		return this.methods.computeIfAbsent(new MethodClassKey(method, type), (key) -> {
			Method specific = AopUtils.getMostSpecificMethod(method, type);
			Locked locked = AnnotatedElementUtils.findMergedAnnotation(specific, Locked.class);
			Assert.state(locked != null, () -> "No @Locked on " + specific);
			return new LockedMethod(specific, locked, this::resolvePlaceholders);
		});
	}

	/**
	 * Reads what is said about a method, so that a mistake stops the start.
	 * @param bean the bean or its proxy
	 * @param method its method
	 */
	void check(Object bean, Method method) {
		get(method, AopProxyUtils.ultimateTargetClass(bean));
	}

	private String resolvePlaceholders(String text) {
		Assert.state(this.beanFactory != null, "No bean factory");
		String resolved = this.beanFactory.resolveEmbeddedValue(text);
		return (resolved != null) ? resolved : "";
	}

	/**
	 * Returns what an expression sees of a call.
	 * @param call the call
	 * @return its arguments as variables, the call as root
	 */
	@SuppressWarnings("NullAway") // javac loses @Nullable on the elements
	EvaluationContext context(LockedCallRoot call) {
		MethodBasedEvaluationContext context = new MethodBasedEvaluationContext(call, call.method(), call.args(),
				LockedMethod.NAMES);
		if (this.beanFactory != null) {
			context.setBeanResolver(new BeanFactoryResolver(this.beanFactory));
		}
		return context;
	}

	/**
	 * The root of expressions.
	 *
	 * @param method the method
	 * @param args its arguments
	 * @param target the bean behind its proxies
	 */
	@SuppressWarnings("ArrayRecordComponent") // as in the expressions of @Cacheable
	record LockedCallRoot(Method method, @Nullable Object[] args, Object target) {

	}

}
