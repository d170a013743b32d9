package com.nocobase.cluster.queue.memory;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ApplicationContextException;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;

import com.nocobase.cluster.memory.MemoryBroker;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.queue.Backoff;
import com.nocobase.cluster.queue.Priority;
import com.nocobase.cluster.queue.QueueCluster;
import com.nocobase.cluster.queue.QueueHost;
import com.nocobase.cluster.queue.QueueNode;
import com.nocobase.cluster.queue.QueueOptions;
import com.nocobase.cluster.queue.TaskLookup;
import com.nocobase.cluster.queue.TaskOptions;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.ManualTime;
import com.nocobase.cluster.support.RefusingExecutor;
import com.nocobase.cluster.worker.MovedClock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * The files that carry undone tasks over a graceful stop. Each {@link QueueNode} here has
 * a broker of its own, as a process has.
 */
@Timeout(30)
class UndoneFilesTests {

	private static final String APP = "crm";

	private static final String COUNTS = ",\"priority\":0,\"publishedAt\":1,\"failures\":0,\"deaths\":0";

	@TempDir
	private Path directory;

	private final CountDownLatch release = new CountDownLatch(1);

	private final Queue<QueueCluster> processes = new ConcurrentLinkedQueue<>();

	@AfterEach
	void closeProcesses() {
		this.release.countDown();
		this.processes.forEach(QueueCluster::close);
	}

	@Test
	void undoneTasksAreDoneByTheNextProcess() { // Q2, Q8
		QueueNode first = process();
		first.queue().subscribe("fails", String.class, (task, context) -> {
			throw new IllegalStateException("no luck");
		});
		first.queue().publish("fails", "dies");
		first.queue()
			.publish("fails", "retried",
					TaskOptions.DEFAULTS.withMaxRetries(3).withBackoff(Backoff.fixed(Duration.ofSeconds(1))));
		await().untilAsserted(() -> assertThat(first.signals("queue.failed")).isEqualTo(2));
		first.queue().publish("work", "waits");
		first.queue().publish("work", "important", first.bean(Priority.class).withPriority(TaskOptions.DEFAULTS, 5));
		first.queue().publish("work", "delayed", TaskOptions.DEFAULTS.withDelay(Duration.ofSeconds(1)));
		first.queue().publish("work", "shared", TaskOptions.DEFAULTS.withShared());
		first.close();
		assertThat(files()).hasSize(1);

		QueueNode second = process();
		Queue<String> done = collect(second, "work");
		Queue<String> retried = new ConcurrentLinkedQueue<>();
		second.queue().subscribe("fails", String.class, (task, context) -> retried.add(task + " " + context.attempt()));

		await().untilAsserted(() -> assertThat(done).containsExactly("important", "waits", "delayed"));
		await().untilAsserted(() -> assertThat(retried).containsExactly("retried 2"));
		TaskLookup lookup = second.bean(TaskLookup.class);
		assertThat(lookup.depth("work", true)).isEqualTo(1);
		assertThat(lookup.deadLetters("fails", 10)).singleElement()
			.satisfies((letter) -> assertThat(letter.error()).contains("no luck"));
		assertThat(lookup.deadLetters("fails", 1).get(0).attempts()).isEqualTo(1);
	}

	@Test
	void runningTaskThatWasGivenBackIsKeptToo() throws InterruptedException {
		QueueNode first = process("nocobase.cluster.queue.drain=50ms",
				"spring.lifecycle.timeout-per-shutdown-phase=2s");
		CountDownLatch started = new CountDownLatch(1);
		first.queue().subscribe("work", String.class, (task, context) -> {
			started.countDown();
			this.release.await();
		});
		first.queue().publish("work", "long");
		assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();
		first.close();

		Queue<String> done = new ConcurrentLinkedQueue<>();
		process().queue().subscribe("work", String.class, (task, context) -> done.add(task + " " + context.attempt()));

		await().untilAsserted(() -> assertThat(done).containsExactly("long 1"));
	}

	@Test
	void deadLetterAndTaskThatWasPublishedUnderItsIdLaterAreBothKept() throws IOException {
		String task = "{\"channel\":\"crm:work\",\"id\":\"1\",\"frame\":\"AA==\",\"delay\":0" + COUNTS;
		Files.writeString(this.directory.resolve("queue-crm-00000000-0000-0000-0000-000000000000.json"),
				"{\"version\":1,\"app\":\"crm\",\"writtenAt\":1,\"tasks\":[" + task + "}," + task + ",\"diedAt\":1}]}");

		TaskLookup lookup = process().bean(TaskLookup.class);

		assertThat(lookup.depth("work")).isEqualTo(1);
		assertThat(lookup.deadLetters("work", 10)).hasSize(1);
	}

	@Test
	void nothingUndoneLeavesNoFile() {
		QueueNode first = process();
		Queue<String> done = collect(first, "work");
		first.queue().publish("work", "done");
		await().untilAsserted(() -> assertThat(done).containsExactly("done"));

		first.close();

		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void fileStaysUntilItsTasksAreOver() throws IOException {
		leaveBehind("a", "b");
		Path file = files().get(0);
		QueueNode second = process();
		Queue<String> done = new ConcurrentLinkedQueue<>();
		second.queue().subscribe("work", String.class, (task, context) -> {
			if (task.equals("b")) {
				this.release.await();
			}
			done.add(task);
		});
		await().untilAsserted(() -> assertThat(done).containsExactly("a"));
		assertThat(file).exists();

		this.release.countDown();

		await().untilAsserted(() -> assertThat(file).doesNotExist());
		assertThat(done).containsExactly("a", "b");
	}

	@Test
	void instancesThatShareFolderNeverOverwriteEachOther() { // Q7
		QueueNode first = process();
		QueueNode second = process();
		first.queue().publish("work", "first");
		second.queue().publish("work", "second");

		first.close();
		second.close();

		assertThat(files()).hasSize(2);
		Queue<String> done = collect(process(), "work");
		await().untilAsserted(() -> assertThat(done).containsExactlyInAnyOrder("first", "second"));
	}

	@Test
	void lastOfSeveralConnectedInstancesWritesTheFile() {
		QueueCluster cluster = cluster();
		QueueNode first = cluster.node();
		QueueNode second = cluster.node();
		first.queue().publish("work", "a");

		first.close();
		assertThat(this.directory).isEmptyDirectory();
		second.close();

		assertThat(files()).hasSize(1);
	}

	@Test
	void lastOfSeveralApplicationsWritesOneFileForEach() {
		QueueCluster shared = cluster();
		QueueNode other = shared.nodeOf("50%:a");
		QueueNode last = shared.nodeOf(APP);
		other.queue().publish("work", "of the other");
		other.queue().publish("work", "for all", TaskOptions.DEFAULTS.withShared());
		last.queue().publish("work", "of the last");

		other.close();
		last.close();

		assertThat(files()).hasSize(2);
		QueueNode otherAgain = cluster().nodeOf("50%:a");
		Queue<String> done = collect(otherAgain, "work");
		await().untilAsserted(() -> assertThat(done).containsExactly("of the other"));
		QueueNode lastAgain = process();
		Queue<String> lastDone = collect(lastAgain, "work");
		await().untilAsserted(() -> assertThat(lastDone).containsExactly("of the last"));
		assertThat(lastAgain.bean(TaskLookup.class).depth("work", true)).isEqualTo(1);
	}

	@Test
	void fileOfAnotherInstanceOfThisProcessIsLeftAlone() {
		leaveBehind("a");
		QueueNode holder = process();
		Queue<String> done = collect(process(), "work");

		assertThat(done).isEmpty();
		assertThat(holder.bean(TaskLookup.class).depth("work")).isEqualTo(1);
		assertThat(files()).hasSize(1);
	}

	@Test
	void fileThatAnotherProcessHoldsIsLeftAlone() throws Exception {
		leaveBehind("a");
		Process other = LockHolder.start(files().get(0));
		try {
			QueueNode second = process();
			assertThat(second.bean(TaskLookup.class).depth("work")).isZero();
			assertThat(files()).hasSize(1);
		}
		finally {
			other.getOutputStream().close();
			assertThat(other.waitFor(5, TimeUnit.SECONDS)).isTrue();
		}

		Queue<String> done = collect(process(), "work");
		await().untilAsserted(() -> assertThat(done).containsExactly("a"));
	}

	@Test
	void tasksOfProcessThatCrashedAfterItsStartAreTakenUpAgain(@TempDir Path copied) throws IOException {
		leaveBehind("a");
		QueueNode crashed = process();
		assertThat(crashed.bean(TaskLookup.class).depth("work")).isEqualTo(1);

		copyFiles(copied);

		Queue<String> done = collect(process(copied), "work");
		await().untilAsserted(() -> assertThat(done).containsExactly("a"));
		await().untilAsserted(() -> assertThat(copied).isEmptyDirectory());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n", "\n9", "\nwhatever\n999." })
	void tasksThatWereOverBeforeTheCrashAreNotDoneAgain(String cut, @TempDir Path copied) throws IOException {
		leaveBehind("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
		QueueNode crashed = process();
		Queue<String> before = new ConcurrentLinkedQueue<>();
		crashed.queue().subscribe("work", String.class, QueueOptions.DEFAULTS.withConcurrency(2), (task, context) -> {
			if (task.equals("4")) {
				this.release.await();
			}
			before.add(task);
		});
		await().untilAsserted(() -> assertThat(before).hasSize(9));
		await().untilAsserted(() -> assertThat(Files.readAllLines(files().get(0))).hasSize(10));

		Path copy = copyFiles(copied);
		Files.writeString(copy, cut, StandardOpenOption.APPEND);

		QueueNode next = process(copied);
		assertThat(next.bean(TaskLookup.class).depth("work")).isEqualTo(1);
		Queue<String> done = collect(next, "work");
		await().untilAsserted(() -> assertThat(done).containsExactly("4"));
		await().untilAsserted(() -> assertThat(copy).doesNotExist());
	}

	@Test
	void damagedFileIsSetAside() throws IOException {
		leaveBehind("a", "b");
		Path file = files().get(0);
		byte[] content = Files.readAllBytes(file);
		Files.write(file, Arrays.copyOf(content, content.length / 2));
		Path empty = file.resolveSibling("queue-crm-00000000-0000-0000-0000-000000000000.json");
		Files.createFile(empty);

		QueueNode second = process();

		assertThat(files()).isEmpty();
		assertThat(file.resolveSibling(file.getFileName() + ".damaged")).isRegularFile();
		assertThat(empty.resolveSibling(empty.getFileName() + ".damaged")).isRegularFile();
		assertThat(second.signals("queue.damaged-file")).isEqualTo(2);
		Queue<String> done = collect(second, "work");
		second.queue().publish("work", "goes on");
		await().untilAsserted(() -> assertThat(done).containsExactly("goes on"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "[null]",
			"[{\"chanel\":\"crm:work\",\"id\":\"1\",\"frame\":\"AA==\",\"delay\":0" + COUNTS + "}]",
			"[{\"channel\":\"crm:work\",\"frame\":\"AA==\",\"delay\":0" + COUNTS + "}]",
			"[{\"channel\":\"crm:work\",\"id\":\"1\",\"delay\":0" + COUNTS + "}]",
			"[{\"channel\":\"crm:work\",\"id\":\"1\",\"frame\":\"AA==\",\"delay\":9223372036854775807" + COUNTS + "}]",
			"[{\"channel\":\"crm:work\",\"id\":\"1\",\"frame\":\"AA==\",\"delay\":-1" + COUNTS + "}]" })
	void damagedFileThatIsStillJsonIsSetAside(String tasks) throws IOException {
		Path file = this.directory.resolve("queue-crm-00000000-0000-0000-0000-000000000000.json");
		Files.writeString(file, "{\"version\":1,\"app\":\"crm\",\"writtenAt\":1,\"tasks\":" + tasks + "}");

		QueueNode node = process();

		assertThat(files()).isEmpty();
		assertThat(file.resolveSibling(file.getFileName() + ".damaged")).isRegularFile();
		assertThat(node.signals("queue.damaged-file")).isEqualTo(1);
	}

	@Test
	void failedStartLetsGoOfItsFiles() throws IOException {
		leaveBehind("a");
		leaveBehind("b");
		UndoneFiles files = new UndoneFiles(this.directory, APP, Runnable::run, (event, subject) -> {
		});

		assertThatIllegalStateException().isThrownBy(() -> files.takeUp((file, saved) -> {
			throw new IllegalStateException("no memory");
		}));

		Queue<String> done = collect(process(), "work");
		await().untilAsserted(() -> assertThat(done).containsExactlyInAnyOrder("a", "b"));
	}

	@Test
	void fileIsDeletedLaterIfThereWasNoThreadForIt() throws IOException {
		leaveBehind("a", "b", "c");
		RefusingExecutor executor = new RefusingExecutor();
		List<HeldFile> held = new ArrayList<>();
		new UndoneFiles(this.directory, APP, executor, (event, subject) -> {
		}).takeUp((file, saved) -> held.add(file));
		HeldFile file = held.get(0);
		file.undone(3);
		executor.refuse(true);
		file.taskOver(0);
		file.taskOver(1);
		assertThat(executor.refused()).isEqualTo(2);
		executor.refuse(false);

		file.taskOver(2);

		await().untilAsserted(() -> assertThat(this.directory).isEmptyDirectory());
	}

	@Test
	void fileOfNewerVersionIsLeftAlone() throws IOException {
		Path file = this.directory.resolve("queue-crm-00000000-0000-0000-0000-000000000000.json");
		Files.writeString(file, "{\"version\":2,\"app\":\"crm\",\"tasks\":\"in another form\"}");

		QueueNode node = process();

		assertThat(file).exists();
		assertThat(node.signals("queue.newer-file")).isEqualTo(1);
	}

	@Test
	void filesOfOtherApplicationsAreLeftAlone() throws IOException {
		Path file = this.directory.resolve("queue-crm-2-00000000-0000-0000-0000-000000000000.json");
		Files.writeString(file, "whatever");
		QueueCluster other = new QueueCluster(new MemoryTestBroker(this.directory));
		this.processes.add(other);
		other.nodeOf("a/../b *").queue().publish("work", "of another");
		other.close();

		Queue<String> done = collect(process(), "work");

		assertThat(file).hasContent("whatever");
		assertThat(done).isEmpty();
		assertThat(files()).hasSize(2);
	}

	@Test
	void folderThatCannotBeWrittenAtTheStopLosesTasksAudibly() throws IOException {
		QueueNode node = process();
		node.queue().publish("work", "a");
		node.queue().publish("work", "b");
		Files.delete(this.directory);
		Files.writeString(this.directory, "in the way", StandardCharsets.UTF_8);

		node.stop();

		assertThat(node.signals("queue.lost")).isEqualTo(2);
		Files.delete(this.directory);
		node.start();
		Queue<String> done = collect(node, "work");
		await().untilAsserted(() -> assertThat(done).containsExactly("a", "b"));
		Files.createDirectories(this.directory);
	}

	@Test
	void runningOutOfMemoryAtTheStopLosesTasksAudibly(@TempDir Path other) {
		leaveBehind("a");
		Instance instance = process(other).instance();
		AtomicBoolean full = new AtomicBoolean();
		Clock clock = new FailingClock(full);
		List<String> signals = new ArrayList<>();
		MemoryQueueAdapter adapter = new MemoryQueueAdapter(new MemoryBroker(),
				new ClusterRuntime(new SimpleAsyncTaskExecutor(), new SimpleAsyncTaskScheduler(), clock,
						System::nanoTime),
				(event, subject) -> signals.add(event), new MemoryQueueProperties(this.directory, 10));
		adapter.connect(new QueueHost() {

			@Override
			public Instance instance() {
				return instance;
			}

			@Override
			public boolean cancelHere(String id) {
				return false;
			}

		});

		full.set(true);
		adapter.disconnect();

		assertThat(signals).containsExactly("queue.lost");
		Queue<String> done = collect(process(), "work");
		await().untilAsserted(() -> assertThat(done).containsExactly("a"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "-PT1H", "PT-1S", "PT10M" })
	void clockThatWasMovedBetweenStopAndStartLosesNoTaskAndDelaysNoneForLonger(Duration moved) {
		MovedClock clock = new MovedClock();
		QueueNode first = process(clock, new ManualTime());
		first.queue().publish("work", "waits");
		first.queue().publish("work", "delayed", TaskOptions.DEFAULTS.withDelay(Duration.ofMinutes(30)));
		first.close();
		Duration left = moved.isNegative() ? Duration.ofMinutes(30) : Duration.ofMinutes(20);
		clock.move(moved);
		ManualTime time = new ManualTime();

		QueueNode second = process(clock, time);

		assertThat(second.bean(TaskLookup.class).oldestAge("work"))
			.contains(moved.isNegative() ? Duration.ZERO : moved);
		Queue<String> done = collect(second, "work");
		await().untilAsserted(() -> assertThat(done).containsExactly("waits"));
		time.advance(left.minusSeconds(1));
		assertThat(second.bean(TaskLookup.class).depth("work")).isEqualTo(1);
		time.advance(Duration.ofSeconds(2));
		await().untilAsserted(() -> assertThat(done).containsExactly("waits", "delayed"));
	}

	@Test
	void fileIsNeverWholeInMemory() throws IOException {
		int megabyte = 1 << 20;
		List<SavedTask> tasks = Collections.nCopies(32,
				new SavedTask("crm:work", "1", new byte[megabyte], 0, 0, 0, 0, 0, null, null));
		UndoneFiles files = new UndoneFiles(this.directory, APP, Runnable::run, (event, subject) -> {
		});
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long before = threads.getCurrentThreadAllocatedBytes();

		Path file = files.write(new SavedTasks(SavedTasks.VERSION, APP, 0, tasks));

		assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(8L * megabyte);
		assertThat(Files.size(file)).isGreaterThan(32L * megabyte);
		Files.delete(file);
	}

	@Test
	void folderThatCannotBeReadStopsTheStart() throws IOException {
		Path file = Files.writeString(this.directory.resolve("file"), "no folder");
		QueueCluster cluster = new QueueCluster(new MemoryTestBroker(file));
		this.processes.add(cluster);

		assertThatExceptionOfType(ApplicationContextException.class).isThrownBy(cluster::node)
			.havingRootCause()
			.isInstanceOf(IOException.class);
		assertThatExceptionOfType(ApplicationContextException.class).isThrownBy(cluster::node)
			.havingCause()
			.withMessageContaining("nocobase.cluster.queue.memory.directory");
	}

	private void leaveBehind(String... tasks) {
		QueueNode node = process();
		Stream.of(tasks).forEach((task) -> node.queue().publish("work", task));
		node.close();
		assertThat(files()).isNotEmpty();
	}

	private Path copyFiles(Path target) throws IOException {
		Path file = files().get(0);
		return Files.copy(file, target.resolve(file.getFileName()));
	}

	private QueueNode process(Path ofDirectory) {
		QueueCluster cluster = new QueueCluster(new MemoryTestBroker(ofDirectory));
		this.processes.add(cluster);
		return cluster.nodeOf(APP);
	}

	private QueueNode process(Clock clock, ManualTime time) {
		ClusterRuntime manual = time.runtime();
		return cluster().node(Map.of("nocobase.cluster.name", APP),
				(context) -> context.registerBean(ClusterRuntime.class,
						() -> new ClusterRuntime(manual.executor(), manual.scheduler(), clock, manual.ticker())));
	}

	private QueueNode process(String... settings) {
		QueueCluster cluster = cluster();
		return cluster.nodeOf(APP, settings);
	}

	private QueueCluster cluster() {
		QueueCluster cluster = new QueueCluster(new MemoryTestBroker(this.directory));
		this.processes.add(cluster);
		return cluster;
	}

	private List<Path> files() {
		try (Stream<Path> found = Files.list(this.directory)) {
			return found.filter((file) -> file.toString().endsWith(".json")).sorted().toList();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Queue<String> collect(QueueNode node, String channel) {
		Queue<String> done = new ConcurrentLinkedQueue<>();
		node.queue().subscribe(channel, String.class, QueueOptions.DEFAULTS, (task, context) -> done.add(task));
		return done;
	}

	private static final class FailingClock extends Clock {

		private final AtomicBoolean fails;

		private FailingClock(AtomicBoolean fails) {
			this.fails = fails;
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

		@Override
		public Instant instant() {
			if (this.fails.get()) {
				throw new OutOfMemoryError("for a test");
			}
			return Instant.EPOCH;
		}

	}

}
