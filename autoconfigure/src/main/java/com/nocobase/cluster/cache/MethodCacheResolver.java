package com.nocobase.cluster.cache;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.CacheEvictOperation;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CachePutOperation;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.MethodClassKey;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

/**
 * Finds the caches of an annotated method. One that is not there yet is created with the
 * configuration's defaults, for what the method returns, without {@link Optional},
 * {@link CompletableFuture} or a reactive type around it. An evicting method needs no
 * type.
 */
final class MethodCacheResolver implements CacheResolver {

	private final SpringCaches caches;

	private final Map<MethodClassKey, ResolvableType> types = new ConcurrentHashMap<>();

	MethodCacheResolver(SpringCaches caches) {
		this.caches = caches;
	}

	@Override
	public Collection<? extends Cache> resolveCaches(CacheOperationInvocationContext<?> context) {
		Collection<String> names = context.getOperation().getCacheNames();
		if (!(context.getOperation() instanceof CacheEvictOperation)) {
			ResolvableType returned = this.types.computeIfAbsent(
					new MethodClassKey(context.getMethod(), context.getTarget().getClass()),
					(key) -> valueType(context));
			names.forEach((name) -> check(name, returned, context));
		}
		return names.stream().map(this.caches::getCache).toList();
	}

	private void check(String name, ResolvableType returned, CacheOperationInvocationContext<?> context) {
		Type cached = this.caches.typeOf(name, returned.getType());
		if (cached.equals(returned.getType())) {
			return;
		}
		ResolvableType type = ResolvableType.forType(cached);
		boolean fits = (context.getOperation() instanceof CachePutOperation) ? type.isAssignableFrom(returned)
				: returned.isAssignableFrom(type);
		Assert.state(fits, () -> "Cache '%s' has values of %s, but %s returns %s; give it a cache of another name"
			.formatted(name, cached.getTypeName(), context.getMethod(), returned));
	}

	private static ResolvableType valueType(CacheOperationInvocationContext<?> context) {
		Type type = GenericTypeResolver.resolveType(context.getMethod().getGenericReturnType(),
				context.getTarget().getClass());
		return ResolvableType.forType(bound(unwrapped(ResolvableType.forType(type))));
	}

	private static ResolvableType unwrapped(ResolvableType type) {
		Class<?> raw = type.toClass();
		if (raw == Optional.class || CompletableFuture.class.isAssignableFrom(raw)) {
			return type.as(raw).getGeneric();
		}
		ReactiveAdapter adapter = (raw != Object.class) ? ReactiveAdapterRegistry.getSharedInstance().getAdapter(raw)
				: null;
		if (adapter == null) {
			return type;
		}
		return adapter.isMultiValue() ? ResolvableType.forClassWithGenerics(List.class, type.getGeneric())
				: type.getGeneric();
	}

	private static Type bound(ResolvableType type) {
		Type bound = type.getType();
		if (bound instanceof ParameterizedType || bound instanceof GenericArrayType) {
			return bound;
		}
		Class<?> raw = type.resolve(Object.class);
		return (raw != void.class && raw != Void.class) ? ClassUtils.resolvePrimitiveIfNecessary(raw) : Object.class;
	}

}
