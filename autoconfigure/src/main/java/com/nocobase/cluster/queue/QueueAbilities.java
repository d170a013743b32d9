package com.nocobase.cluster.queue;

import java.time.Clock;

import org.springframework.util.Assert;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.Names;

/**
 * Makes the beans by which an adapter's configuration offers an ability. An adapter that
 * has the ability defines the bean; one that has not leaves it away.
 */
public final class QueueAbilities {

	private QueueAbilities() {
	}

	/**
	 * Offers {@link Dedup}: the adapter heeds {@link TaskMessage#dedupWindow()}.
	 * @return the bean
	 */
	public static Dedup dedup() {
		return (options, dedupId) -> options.withDedupId(Names.checkKey("dedupId", dedupId));
	}

	/**
	 * Offers {@link Priority}: the adapter heeds {@link TaskMessage#priority()}.
	 * @return the bean
	 */
	public static Priority priority() {
		return (options, priority) -> {
			Assert.isTrue(priority >= 0 && priority <= 9, () -> "priority must be from 0 to 9, but is " + priority);
			return options.withPriority(priority);
		};
	}

	/**
	 * Offers {@link TaskLookup}.
	 * @param store the adapter's tasks
	 * @param instance whose application's channels are meant
	 * @param clock tells how old a task is
	 * @return the bean
	 */
	public static TaskLookup lookup(TaskStore store, Instance instance, Clock clock) {
		return new ScopedTaskLookup(store, new Channels(instance.app()), clock);
	}

}
