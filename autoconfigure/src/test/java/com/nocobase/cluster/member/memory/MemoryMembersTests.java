package com.nocobase.cluster.member.memory;

import com.nocobase.cluster.member.MembersContract;
import com.nocobase.cluster.support.TestCluster;

class MemoryMembersTests extends MembersContract {

	@Override
	protected TestCluster cluster() {
		return TestCluster.inMemory();
	}

}
