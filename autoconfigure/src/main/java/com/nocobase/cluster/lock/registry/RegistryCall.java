package com.nocobase.cluster.lock.registry;

import java.util.ConcurrentModificationException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.lock.LockException;

/**
 * Asks a registry for something that only who has the lock may do.
 */
@FunctionalInterface
interface RegistryCall {

	void run();

	/**
	 * Does it. Registries say by various exceptions that the lock is no longer there.
	 * @param key the key
	 * @param call what to do
	 * @return whether the lock was there
	 * @throws LockException if the server failed
	 */
	static boolean isDone(String key, RegistryCall call) {
		// An interrupted thread could not talk to the server.
		boolean interrupted = Thread.interrupted();
		try {
			call.run();
			return true;
		}
		catch (IllegalStateException | IllegalMonitorStateException | ConcurrentModificationException ex) {
			log().debug(LogMessage.format("Lock '%s' is no longer there", key), ex);
			return false;
		}
		catch (RuntimeException ex) {
			throw failed(key, ex);
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	static LockException failed(String key, RuntimeException cause) {
		return new LockException("The server of lock '%s' failed".formatted(key), cause);
	}

	private static Log log() {
		return LogFactory.getLog(RegistryCall.class);
	}

}
