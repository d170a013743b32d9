package com.nocobase.cluster.cache.redis;

import org.junit.jupiter.api.Nested;

import com.nocobase.cluster.cache.BloomFilterContract;
import com.nocobase.cluster.cache.CacheContract;
import com.nocobase.cluster.cache.CacheLoadContract;
import com.nocobase.cluster.cache.CacheNodes;
import com.nocobase.cluster.cache.CacheTransactionContract;
import com.nocobase.cluster.cache.CacheValueContract;
import com.nocobase.cluster.cache.ClusterWideLoadContract;
import com.nocobase.cluster.cache.CounterContract;
import com.nocobase.cluster.cache.SpringCacheContract;

class NearClusterCacheTests {

	@Nested
	class Entries extends CacheContract {

		@Override
		protected CacheNodes nodes() {
			return RedisNodes.nearOnCluster();
		}

	}

	@Nested
	class Values extends CacheValueContract {

		@Override
		protected CacheNodes nodes() {
			return RedisNodes.nearOnCluster();
		}

	}

	@Nested
	class Loads extends CacheLoadContract {

		@Override
		protected CacheNodes nodes() {
			return RedisNodes.nearOnCluster();
		}

	}

	@Nested
	class ClusterWideLoads extends ClusterWideLoadContract {

		@Override
		protected CacheNodes nodes() {
			return RedisNodes.nearOnCluster();
		}

	}

	@Nested
	class Transactions extends CacheTransactionContract {

		@Override
		protected CacheNodes nodes() {
			return RedisNodes.nearOnCluster();
		}

	}

	@Nested
	class Annotations extends SpringCacheContract {

		@Override
		protected CacheNodes nodes() {
			return RedisNodes.nearOnCluster();
		}

	}

	@Nested
	class Counters extends CounterContract {

		@Override
		protected CacheNodes nodes() {
			return RedisNodes.nearOnCluster();
		}

	}

	@Nested
	class Filters extends BloomFilterContract {

		@Override
		protected CacheNodes nodes() {
			return RedisNodes.nearOnCluster();
		}

	}

}
