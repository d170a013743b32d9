package com.nocobase.cluster.lock;

import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;

/**
 * Puts {@link Locked @Locked} around the methods that carry it, outside of
 * {@code @Transactional}, and before the processors that hand annotated methods to
 * listeners.
 */
final class LockedPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

	private static final long serialVersionUID = 1L;

	LockedPostProcessor(LockedMethods methods, ObjectProvider<LockManager> locks) {
		setBeforeExistingAdvisors(true);
		setOrder(Ordered.LOWEST_PRECEDENCE - 1);
		this.advisor = new DefaultPointcutAdvisor(new AnnotationMatchingPointcut(null, Locked.class, true),
				new LockedInterceptor(methods, locks));
	}

}
