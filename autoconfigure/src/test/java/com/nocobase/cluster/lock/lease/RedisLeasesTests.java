package com.nocobase.cluster.lock.lease;

import org.junit.jupiter.api.Nested;
import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.lock.FairLocksContract;
import com.nocobase.cluster.lock.FencedLocksContract;
import com.nocobase.cluster.lock.LocksContract;
import com.nocobase.cluster.lock.TransactionLocksContract;

/**
 * What locks promise, on leases in one Redis.
 */
class RedisLeasesTests {

	@Nested
	class Core extends LocksContract {

		@Override
		protected ConfigurableApplicationContext start(String... properties) {
			return LeaseInstances.standalone(properties);
		}

		@Override
		protected void crash(ConfigurableApplicationContext instance) {
			LeaseInstances.crash(instance);
		}

	}

	@Nested
	class Fenced extends FencedLocksContract {

		@Override
		protected ConfigurableApplicationContext start(String... properties) {
			return LeaseInstances.standalone(properties);
		}

		@Override
		protected void crash(ConfigurableApplicationContext instance) {
			LeaseInstances.crash(instance);
		}

	}

	@Nested
	class Fair extends FairLocksContract {

		@Override
		protected ConfigurableApplicationContext start(String... properties) {
			return LeaseInstances.standalone(properties);
		}

	}

	@Nested
	class Transactions extends TransactionLocksContract {

		@Override
		protected ConfigurableApplicationContext start(String... properties) {
			return LeaseInstances.standalone(properties);
		}

	}

}
