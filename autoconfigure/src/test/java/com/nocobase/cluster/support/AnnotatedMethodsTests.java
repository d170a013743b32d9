package com.nocobase.cluster.support;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;
import org.springframework.test.context.support.TestPropertySourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.Assert;

import com.nocobase.cluster.pubsub.PubSubListener;
import com.nocobase.cluster.tx.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AnnotatedMethodsTests {

	private static final List<String> EVENTS = new CopyOnWriteArrayList<>();

	private final List<BeanMethod> methods = new CopyOnWriteArrayList<>();

	private final List<String> channels = new CopyOnWriteArrayList<>();

	@Test
	void methodsOfAllBeansAreFoundWithTheirTextsResolved() {
		try (AnnotationConfigApplicationContext context = start((bean) -> bean.registerBean(Plain.class))) {
			assertThat(context.isActive()).isTrue();
			assertThat(this.channels).containsExactlyInAnyOrder("fixed", "from property", "3");
		}
	}

	@Test
	void unknownPlaceholderStopsTheStartWithTheMethod() {
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> start((bean) -> bean.registerBean(Unresolvable.class)))
			.havingRootCause()
			.withMessageContaining("unknown.property");
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> start((bean) -> bean.registerBean(Unresolvable.class)))
			.withMessageContaining("Unresolvable.listen(String)");
	}

	@Test
	void unknownSpelStopsTheStartWithTheMethod() {
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> start((bean) -> bean.registerBean(UnknownSpel.class)))
			.withMessageContaining("UnknownSpel.listen(String)");
	}

	@Test
	void refusalOfTheRegistrarNamesTheMethod() {
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> start((bean) -> bean.registerBean(TwoParameters.class)))
			.withMessageContaining("@PubSubListener")
			.withMessageContaining("TwoParameters.listen(String,Integer)")
			.withMessageContaining("one parameter");
	}

	@Test
	void methodIsCalledThroughTheProxyAndThrowsWhatItThrew() throws Exception {
		EVENTS.clear();
		try (AnnotationConfigApplicationContext context = start((bean) -> {
			bean.register(Transactions.class);
			bean.registerBean(PlatformTransactionManager.class, () -> new TestDatabase().manager());
			bean.registerBean(Proxied.class);
		})) {
			assertThat(context.isActive()).isTrue();
			this.methods.get(0).invoke("x");
		}
		assertThat(EVENTS).containsExactly("x in a transaction: true");
	}

	@Test
	void checkedExceptionComesOutAsItIs() {
		try (AnnotationConfigApplicationContext context = start((bean) -> bean.registerBean(Throwing.class))) {
			assertThat(context.isActive()).isTrue();
			assertThatExceptionOfType(NoSuchFieldException.class).isThrownBy(() -> this.methods.get(0).invoke("x"));
		}
	}

	@Test
	void lazyBeanIsFoundWhenItIsCreated() {
		try (AnnotationConfigApplicationContext context = start((bean) -> bean.registerBean(LazyBean.class))) {
			assertThat(this.channels).isEmpty();
			context.getBean(LazyBean.class);
			assertThat(this.channels).containsExactly("lazy");
		}
	}

	@Test
	void targetOfAScopedProxyIsFoundOnce() {
		try (AnnotationConfigApplicationContext context = start((bean) -> {
			bean.registerBean(ScopedBean.class);
			bean.registerBean("scopedTarget.scoped", ScopedBean.class);
		})) {
			assertThat(context.isActive()).isTrue();
			assertThat(this.channels).containsExactly("scoped");
		}
	}

	private AnnotationConfigApplicationContext start(Consumer<AnnotationConfigApplicationContext> customizer) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertySourceUtils.addInlinedPropertiesToEnvironment(context, "channel=from property");
		context.registerBean(PropertySourcesPlaceholderConfigurer.class);
		context.registerBean(AnnotatedMethods.class,
				() -> new AnnotatedMethods<>(PubSubListener.class, (method, listener, values) -> {
					Assert.isTrue(method.method().getParameterCount() == 1, "it must have one parameter");
					this.channels.add(values.resolve(listener.channel()));
					this.methods.add(method);
				}));
		customizer.accept(context);
		context.refresh();
		return context;
	}

	static class Plain {

		@PubSubListener(channel = "fixed")
		void fixed(String text) {
		}

		@PubSubListener(channel = "${channel}")
		void property(String text) {
		}

		@PubSubListener(channel = "#{1 + 2}")
		void spel(String text) {
		}

	}

	static class Unresolvable {

		@PubSubListener(channel = "${unknown.property}")
		void listen(String text) {
		}

	}

	static class UnknownSpel {

		@PubSubListener(channel = "#{@unknownBean.name}")
		void listen(String text) {
		}

	}

	static class TwoParameters {

		@PubSubListener(channel = "x")
		void listen(String text, Integer more) {
		}

	}

	static class Proxied {

		@Transactional
		@PubSubListener(channel = "x")
		void listen(String text) {
			EVENTS.add(text + " in a transaction: " + TransactionSynchronizationManager.isActualTransactionActive());
		}

	}

	static class Throwing {

		@PubSubListener(channel = "x")
		void listen(String text) throws NoSuchFieldException {
			throw new NoSuchFieldException(text);
		}

	}

	@Lazy
	static class LazyBean {

		@PubSubListener(channel = "lazy")
		void listen(String text) {
		}

	}

	static class ScopedBean {

		@PubSubListener(channel = "scoped")
		void listen(String text) {
		}

	}

	@EnableTransactionManagement(proxyTargetClass = true)
	static class Transactions {

	}

}
