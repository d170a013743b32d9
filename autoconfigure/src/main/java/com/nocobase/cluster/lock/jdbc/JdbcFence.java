package com.nocobase.cluster.lock.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.util.Assert;

import com.nocobase.cluster.lock.FencedLease;
import com.nocobase.cluster.lock.LeaseLostException;
import com.nocobase.cluster.message.Names;
import com.nocobase.cluster.tx.Transactions;

/**
 * Lets a database refuse the writes of a holder that was paused and does not know that
 * its lease is over. No lock in another system can: it may be lost between the last look
 * at it and the commit.
 *
 * <pre class="code">
 * locks.runFenced("stock:" + article, options, (lease) -&gt; transaction.execute((status) -&gt; {
 *     fence.check(lease);
 *     … write …
 * }));
 * </pre>
 *
 * The check runs in the caller's transaction:
 * <ol>
 * <li>The token is written to the row of the key, unless a higher one is there. That
 * locks the row until the end of the transaction, so the check of another holder waits
 * for it.</li>
 * <li>The first check of a key inserts the row.</li>
 * <li>Where a higher token is there, the next holder has come this far, and the check
 * fails.</li>
 * </ol>
 * Works with any database that has savepoints, such as PostgreSQL and H2. Safe from any
 * thread.
 */
public final class JdbcFence {

	/** Creates the table, on H2 and PostgreSQL. */
	public static final String CREATE_TABLE = "create table if not exists nocobase_fence"
			+ " (name varchar(1000) primary key, fence bigint not null)";

	private static final String RAISE = "update nocobase_fence set fence = ? where name = ? and fence <= ?";

	private static final String INSERT = "insert into nocobase_fence (name, fence)"
			+ " select cast(? as varchar(1000)), cast(? as bigint)"
			+ " where not exists (select 1 from nocobase_fence where name = ?)";

	private final JdbcOperations jdbc;

	private final Transactions transactions = Transactions.detect();

	/**
	 * Creates a fence on the table of {@link #CREATE_TABLE}.
	 * @param jdbc the database that is written to under the lock
	 */
	public JdbcFence(JdbcOperations jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Makes sure that no later holder of the lock has come here.
	 * @param lease the lease under which is written
	 * @throws LeaseLostException if a later holder has; the transaction must roll back
	 * @throws IllegalStateException outside a transaction
	 */
	public void check(FencedLease lease) {
		check(lease.key(), lease.token());
	}

	/**
	 * Makes sure that no holder with a higher token has come here. Doing so again with
	 * the same token is fine.
	 * @param key the key of the lock
	 * @param token the token of the holder
	 * @throws IllegalArgumentException if the key is blank or too long
	 * @throws LeaseLostException if a holder with a higher token has; the transaction
	 * must roll back
	 * @throws IllegalStateException outside a transaction
	 */
	public void check(String key, long token) {
		Names.checkKey("key", key);
		Assert.state(this.transactions.isActive(),
				() -> "The fence of lock '" + key + "' must be checked in the transaction of the write");
		if (!raise(key, token) && !insert(key, token) && !raise(key, token)) {
			throw new LeaseLostException(
					"Token %d of lock '%s' is refused: a later holder has written".formatted(token, key), null);
		}
	}

	private boolean raise(String key, long token) {
		return this.jdbc.update(RAISE, token, key, token) > 0;
	}

	private boolean insert(String key, long token) {
		try {
			return Boolean.TRUE.equals(
					this.jdbc.execute((ConnectionCallback<Boolean>) (connection) -> insert(connection, key, token)));
		}
		catch (DataIntegrityViolationException ex) {
			return false;
		}
	}

	private static boolean insert(Connection connection, String key, long token) throws SQLException {
		// Another holder may insert at the same time; that must not end the transaction.
		Savepoint savepoint = connection.setSavepoint();
		try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
			statement.setString(1, key);
			statement.setLong(2, token);
			statement.setString(3, key);
			boolean inserted = statement.executeUpdate() > 0;
			connection.releaseSavepoint(savepoint);
			return inserted;
		}
		catch (SQLException ex) {
			connection.rollback(savepoint);
			throw ex;
		}
	}

}
