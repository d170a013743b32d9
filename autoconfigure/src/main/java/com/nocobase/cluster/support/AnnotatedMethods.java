package com.nocobase.cluster.support;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanExpressionContext;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.Ordered;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * Finds the methods of all beans that carry an annotation and hands each to a registrar
 * once all singletons are there (a lazy bean's when it is created). What the registrar
 * refuses stops the start with a message that names the method.
 *
 * @param <A> the annotation
 */
public final class AnnotatedMethods<A extends Annotation>
		implements BeanPostProcessor, SmartInitializingSingleton, BeanFactoryAware, Ordered {

	private final Class<A> annotation;

	private final Registrar<A> registrar;

	private final List<Runnable> found = new ArrayList<>();

	private boolean ready;

	private @Nullable ConfigurableBeanFactory beanFactory;

	/**
	 * Creates a processor for one annotation.
	 * @param annotation the annotation
	 * @param registrar gets each annotated method
	 */
	public AnnotatedMethods(Class<A> annotation, Registrar<A> registrar) {
		this.annotation = annotation;
		this.registrar = registrar;
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = (ConfigurableBeanFactory) beanFactory;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		Class<?> type = AopUtils.getTargetClass(bean);
		// The target of a scoped proxy comes and goes; the proxy in front of it stays.
		if (ScopedProxyUtils.isScopedTarget(beanName) || !AnnotationUtils.isCandidateClass(type, this.annotation)) {
			return bean;
		}
		Map<Method, A> methods = MethodIntrospector.selectMethods(type,
				(MethodIntrospector.MetadataLookup<A>) (method) -> AnnotatedElementUtils.findMergedAnnotation(method,
						this.annotation));
		methods.forEach((method, declared) -> later(() -> register(bean, type, method, declared)));
		return bean;
	}

	private void later(Runnable registration) {
		synchronized (this) {
			if (!this.ready) {
				this.found.add(registration);
				return;
			}
		}
		registration.run();
	}

	@Override
	public void afterSingletonsInstantiated() {
		List<Runnable> registrations;
		synchronized (this) {
			this.ready = true;
			registrations = List.copyOf(this.found);
			this.found.clear();
		}
		registrations.forEach(Runnable::run);
	}

	private void register(Object bean, Class<?> type, Method method, A declared) {
		try {
			refuseAsynchronous(method.getReturnType());
			Method invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
			this.registrar.register(new BeanMethod(bean, invocable), declared, this::resolve);
		}
		catch (RuntimeException ex) {
			throw new IllegalStateException("@%s on %s.%s(%s) cannot work: %s".formatted(
					this.annotation.getSimpleName(), type.getName(), method.getName(),
					StringUtils.arrayToCommaDelimitedString(parameterNames(method)), ex.getMessage()), ex);
		}
	}

	private static void refuseAsynchronous(Class<?> result) {
		Assert.isTrue(
				!Future.class.isAssignableFrom(result) && !CompletionStage.class.isAssignableFrom(result)
						&& ReactiveAdapterRegistry.getSharedInstance().getAdapter(result) == null,
				() -> "it returns a " + result.getSimpleName() + ", which nobody would wait for");
	}

	private static Object[] parameterNames(Method method) {
		return Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName).toArray();
	}

	private String resolve(String text) {
		Assert.state(this.beanFactory != null, "No bean factory");
		String embedded = this.beanFactory.resolveEmbeddedValue(text);
		if (embedded == null || this.beanFactory.getBeanExpressionResolver() == null) {
			return (embedded != null) ? embedded : "";
		}
		Object value = this.beanFactory.getBeanExpressionResolver()
			.evaluate(embedded, new BeanExpressionContext(this.beanFactory, null));
		return (value != null) ? value.toString() : "";
	}

	/**
	 * Registers one annotated method.
	 *
	 * @param <A> the annotation
	 */
	@FunctionalInterface
	public interface Registrar<A extends Annotation> {

		/**
		 * Registers it.
		 * @param method the method, bound to its bean
		 * @param annotation what it carries
		 * @param values resolves placeholders and SpEL of the annotation's texts
		 * @throws RuntimeException if the method cannot work, with a message that says
		 * why
		 */
		void register(BeanMethod method, A annotation, Values values);

	}

	/**
	 * Resolves the texts of an annotation.
	 */
	@FunctionalInterface
	public interface Values {

		/**
		 * Resolves placeholders and SpEL.
		 * @param text text of the annotation
		 * @return the value
		 */
		String resolve(String text);

	}

}
