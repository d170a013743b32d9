package com.nocobase.cluster;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * The arrows between packages, and who may be seen from outside.
 */
class ArchitectureTests {

	private static final String ROOT = "com.nocobase.cluster";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(ROOT);

	private static final Map<String, List<String>> CONTRACTS = new LinkedHashMap<>();

	static {
		CONTRACTS.put("support", List.of());
		CONTRACTS.put("message", List.of());
		CONTRACTS.put("tx", List.of("message"));
		CONTRACTS.put("memory", List.of("message"));
		CONTRACTS.put("redis", List.of("message"));
		CONTRACTS.put("rabbit", List.of("message"));
		CONTRACTS.put("worker", List.of("message"));
		CONTRACTS.put("member", List.of("message"));
		CONTRACTS.put("lock", List.of("message", "tx"));
		CONTRACTS.put("cache", List.of("message", "tx"));
		CONTRACTS.put("pubsub", List.of("message", "tx"));
		CONTRACTS.put("sync", List.of("message", "tx", "member"));
		CONTRACTS.put("queue", List.of("message", "tx", "worker"));
	}

	/** What all adapters of one engine share. */
	private static final Set<String> ENGINES = Set.of("redis", "rabbit");

	private static final Map<String, List<String>> ADAPTERS = Map.ofEntries(
			Map.entry("cache.memory", List.of("memory")), Map.entry("cache.redis", List.of("redis")),
			Map.entry("pubsub.memory", List.of("memory")), Map.entry("pubsub.redis", List.of("redis")),
			Map.entry("sync.memory", List.of("memory")), Map.entry("queue.memory", List.of("memory")),
			Map.entry("queue.redis", List.of("redis")), Map.entry("pubsub.rabbit", List.of("rabbit")),
			Map.entry("queue.rabbit", List.of("rabbit")), Map.entry("member.memory", List.of("memory")),
			Map.entry("member.redis", List.of("redis")), Map.entry("worker.redis", List.of("redis")),
			Map.entry("lock.local", List.of("memory")), Map.entry("lock.registry", List.of("redis")),
			Map.entry("lock.lease", List.of("redis")), Map.entry("lock.jdbc", List.of()),
			Map.entry("worker.local", List.of("memory")), Map.entry("worker.web", List.of()));

	@Test
	void packagesHaveNoCycles() {
		slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
	}

	@TestFactory
	Stream<DynamicTest> contractsKnowNoAdapterAndOnlyTheContractsBelowThem() {
		return CONTRACTS.entrySet()
			.stream()
			.map((each) -> DynamicTest.dynamicTest(each.getKey(), () -> onlyKnows(each.getKey(), each.getValue())));
	}

	@TestFactory
	Stream<DynamicTest> adaptersKnowTheirContractAndTheirEngine() {
		return ADAPTERS.entrySet().stream().map((each) -> DynamicTest.dynamicTest(each.getKey(), () -> {
			String contract = each.getKey().substring(0, each.getKey().indexOf('.'));
			Stream<String> allowed = Stream
				.of(Stream.of(contract), CONTRACTS.getOrDefault(contract, List.of()).stream(), each.getValue().stream())
				.flatMap((names) -> names);
			onlyKnows(each.getKey(), allowed.toList());
		}));
	}

	@Test
	void everyPackageHasARule() {
		List<String> known = Stream
			.of(CONTRACTS.keySet().stream(), ADAPTERS.keySet().stream(), Stream.of("autoconfigure", "actuate"))
			.flatMap((names) -> names)
			.map((name) -> ROOT + "." + name)
			.toList();
		classes().should()
			.resideInAnyPackage(Stream.concat(Stream.of(ROOT), known.stream()).toArray(String[]::new))
			.check(CLASSES);
	}

	@Test
	void nobodyPointsBackAtTheApplication() {
		noClasses().that(resideInAnyPackage(packages(CONTRACTS.keySet().stream())))
			.should()
			.dependOnClassesThat()
			.resideInAPackage(ROOT)
			.check(CLASSES);
	}

	@Test
	void adaptersShowOnlyTheirConfiguration() {
		classes()
			.that(resideInAnyPackage(packages(ADAPTERS.keySet().stream().filter((name) -> !"lock.jdbc".equals(name)))))
			.and()
			.arePublic()
			.and()
			.areTopLevelClasses()
			.should()
			.haveSimpleNameEndingWith("Configuration")
			.check(CLASSES);
	}

	@Test
	void configurationsAreFinalAndAutoConfigurationsPublic() {
		classes().that()
			.haveSimpleNameEndingWith("Configuration")
			.and()
			.arePublic()
			.should()
			.haveModifier(JavaModifier.FINAL)
			.check(CLASSES);
		classes().that().areAnnotatedWith(AutoConfiguration.class).should().bePublic().check(CLASSES);
	}

	@Test
	void contractsKnowNoClientLibrary() {
		noClasses()
			.that(resideInAnyPackage(packages(CONTRACTS.keySet().stream().filter((name) -> !ENGINES.contains(name)))))
			.should()
			.dependOnClassesThat(resideInAnyPackage("com.github.benmanes..", "io.lettuce..", "com.rabbitmq..",
					"org.springframework.data..", "org.springframework.amqp..", "org.springframework.integration..",
					"org.springframework.jdbc..", "io.micrometer..", "jakarta.servlet.."))
			.check(CLASSES);
	}

	@Test
	void transactionsAreSeenFromOnePackage() {
		noClasses().that(DescribedPredicate.not(resideInAPackage(ROOT + ".tx")))
			.should()
			.dependOnClassesThat(resideInAPackage("org.springframework.transaction.."))
			.check(CLASSES);
	}

	@Test
	void nobodySleepsOrStartsThreadsOfHisOwn() {
		noClasses().should().callMethod(Thread.class, "sleep", long.class).check(CLASSES);
		noClasses().should().callConstructor(Thread.class, Runnable.class).check(CLASSES);
		noClasses().should().dependOnClassesThat().areAssignableTo(Executors.class).check(CLASSES);
		noClasses().should().dependOnClassesThat().areAssignableTo(Timer.class).check(CLASSES);
	}

	private static void onlyKnows(String name, List<String> others) {
		String[] allowed = packages(Stream.concat(Stream.of(name, "support"), others.stream()));
		DescribedPredicate<JavaClass> ours = resideInAPackage(ROOT + "..");
		classes().that(resideInAPackage(ROOT + "." + name))
			.should()
			.onlyDependOnClassesThat(resideInAnyPackage(allowed).or(DescribedPredicate.not(ours)))
			.check(CLASSES);
	}

	private static String[] packages(Stream<String> names) {
		return names.map((name) -> ROOT + "." + name).toArray(String[]::new);
	}

}
