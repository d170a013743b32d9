package com.nocobase.cluster.support;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.Assert;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Finding annotated methods.
 */
class AnnotatedMethodsTests {

	private final List<String> registered = new CopyOnWriteArrayList<>();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withBean(AnnotatedMethods.class, () -> new AnnotatedMethods<>(Note.class, (method, note, values) -> {
			Assert.isTrue(method.method().getParameterCount() == 0, "it must have no parameter");
			this.registered.add(method.method().getName() + "=" + values.resolve(note.value()));
		}))
		.withPropertyValues("who=world");

	@Test
	void methodIsRegisteredWithPlaceholdersAndSpelResolved() {
		this.runner.withBean(Notes.class)
			.run((context) -> assertThat(this.registered).containsExactly("hello=hello world 3"));
	}

	@Test
	void methodIsCalledThroughTheProxyOfItsBean() {
		this.runner.withBean(Notes.class)
			.withBean("proxying", BeanPostProcessor.class, Proxying::new)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(this.registered).hasSize(1);
			});
	}

	@Test
	void methodThatCannotWorkStopsTheStartAndIsNamed() {
		this.runner.withBean(Wrong.class)
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContaining("@Note on " + Wrong.class.getName() + ".hello(String) cannot work")
				.hasMessageContaining("it must have no parameter"));
	}

	@Test
	void placeholderThatIsNotThereStopsTheStart() {
		this.runner.withBean(Unresolvable.class)
			.run((context) -> assertThat(context).getFailure().hasMessageContaining("missing"));
	}

	@Test
	void lazyBeanIsRegisteredWhenItIsCreated() {
		this.runner.withBean("lazy", Notes.class, Notes::new, (definition) -> definition.setLazyInit(true))
			.run((context) -> {
				assertThat(this.registered).isEmpty();
				context.getBean("lazy");
				assertThat(this.registered).hasSize(1);
			});
	}

	@Retention(RetentionPolicy.RUNTIME)
	@interface Note {

		String value();

	}

	static class Notes {

		@Note("hello ${who} #{1 + 2}")
		void hello() {
		}

	}

	static class Wrong {

		@Note("hello")
		void hello(String name) {
		}

	}

	static class Unresolvable {

		@Note("${missing}")
		void hello() {
		}

	}

	/** Puts a proxy around each bean, before it is looked at. */
	static class Proxying implements BeanPostProcessor {

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			if (!(bean instanceof Notes)) {
				return bean;
			}
			ProxyFactory factory = new ProxyFactory(bean);
			factory.setProxyTargetClass(true);
			return factory.getProxy();
		}

	}

}
