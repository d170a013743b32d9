package com.nocobase.cluster.lock;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.expression.EvaluationContext;
import org.springframework.util.Assert;

import com.nocobase.cluster.lock.LockedMethods.LockedCallRoot;

/**
 * Runs a method under its lock.
 */
final class LockedInterceptor implements MethodInterceptor {

	private static final Map<Class<?>, Object> SKIPPED = Map.ofEntries(Map.entry(boolean.class, false),
			Map.entry(byte.class, (byte) 0), Map.entry(short.class, (short) 0), Map.entry(char.class, (char) 0),
			Map.entry(int.class, 0), Map.entry(long.class, 0L), Map.entry(float.class, 0F), Map.entry(double.class, 0D),
			Map.entry(Optional.class, Optional.empty()), Map.entry(OptionalInt.class, OptionalInt.empty()),
			Map.entry(OptionalLong.class, OptionalLong.empty()),
			Map.entry(OptionalDouble.class, OptionalDouble.empty()));

	private final LockedMethods methods;

	private final ObjectProvider<LockManager> locks;

	LockedInterceptor(LockedMethods methods, ObjectProvider<LockManager> locks) {
		this.methods = methods;
		this.locks = locks;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object target = invocation.getThis();
		Assert.state(target != null, "No target");
		Class<?> type = AopProxyUtils.ultimateTargetClass(target);
		LockedMethod locked = this.methods.get(invocation.getMethod(), type);
		Method method = AopUtils.getMostSpecificMethod(invocation.getMethod(), type);
		EvaluationContext context = this.methods.context(new LockedCallRoot(method, invocation.getArguments(), target));
		AtomicBoolean entered = new AtomicBoolean();
		try {
			return this.locks.getObject()
				.<@Nullable Object, Throwable>runExclusive(locked.key(context), locked.options(context), () -> {
					entered.set(true);
					return invocation.proceed();
				});
		}
		catch (LockTimeoutException ex) {
			// One that the method itself threw is not ours.
			if (!entered.get() && locked.isSkippedIfBusy()) {
				return SKIPPED.get(method.getReturnType());
			}
			throw ex;
		}
	}

}
