package com.nocobase.cluster.support;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;

import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

/**
 * A method of a bean, called through the bean's proxy, so that {@code @Transactional} and
 * its like work.
 *
 * @param bean the bean as the context hands it out
 * @param method a method that can be called on it
 */
public record BeanMethod(Object bean, Method method) {

	public BeanMethod {
		ReflectionUtils.makeAccessible(method);
	}

	/**
	 * Calls the method.
	 * @param arguments its arguments
	 * @return its result
	 * @throws Exception what the method threw
	 */
	public @Nullable Object invoke(@Nullable Object... arguments) throws Exception {
		try {
			return this.method.invoke(this.bean, arguments);
		}
		catch (InvocationTargetException ex) {
			if (ex.getTargetException() instanceof Exception exception) {
				throw exception;
			}
			if (ex.getTargetException() instanceof Error error) {
				throw error;
			}
			throw new UndeclaredThrowableException(ex.getTargetException());
		}
	}

	@Override
	public String toString() {
		return this.method.getDeclaringClass().getSimpleName() + "." + this.method.getName();
	}

}
