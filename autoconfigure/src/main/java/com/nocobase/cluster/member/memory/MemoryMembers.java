package com.nocobase.cluster.member.memory;

import java.time.Duration;

import org.springframework.util.Assert;

import com.nocobase.cluster.member.Member;
import com.nocobase.cluster.member.MemberAdapter;
import com.nocobase.cluster.member.MembersSeen;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * One instance's entry in the register.
 */
final class MemoryMembers implements MemberAdapter {

	private final MemoryRegister register;

	private final Instance instance;

	private final ClusterRuntime runtime;

	private volatile boolean crashed;

	MemoryMembers(MemoryRegister register, Instance instance, ClusterRuntime runtime) {
		this.register = register;
		this.instance = instance;
		this.runtime = runtime;
	}

	@Override
	public MembersSeen heartbeat(Member self, Duration timeToLive) {
		Assert.state(!this.crashed, () -> this.instance + " has crashed");
		return this.register.heartbeat(this, this.instance, self, this.runtime.nanoTime(), timeToLive);
	}

	@Override
	public void goodbye(Member self) {
		if (!this.crashed) {
			this.register.goodbye(this, this.instance, this.runtime.nanoTime());
		}
		this.crashed = false;
	}

	void crash() {
		this.crashed = true;
	}

}
