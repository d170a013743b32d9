package com.nocobase.cluster.support;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for short answers, also on a thread that is interrupted, and leaves the interrupt
 * as it is: whoever looks from another thread sees it all the while.
 */
public final class Uninterrupted {

	private Uninterrupted() {
	}

	/**
	 * Waits for a result.
	 * @param <T> the type of the result
	 * @param future what is waited for
	 * @param nanos how long at most
	 * @return the result
	 * @throws ExecutionException what was thrown instead
	 * @throws TimeoutException if it is not there in time
	 */
	public static <T> T get(Future<T> future, long nanos) throws ExecutionException, TimeoutException {
		long end = System.nanoTime() + nanos;
		while (true) {
			// An interrupted thread cannot park. What it waits for takes a moment only.
			while (Thread.currentThread().isInterrupted() && !future.isDone() && end - System.nanoTime() > 0) {
				Thread.yield();
			}
			try {
				return future.get(future.isDone() ? 0 : end - System.nanoTime(), TimeUnit.NANOSECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				if (end - System.nanoTime() <= 0) {
					throw new TimeoutException();
				}
			}
		}
	}

}
