package com.nocobase.cluster.sample.datasource;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.log.LogMessage;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

import com.nocobase.cluster.ClusterApp;
import com.nocobase.cluster.Plugin;
import com.nocobase.cluster.lock.LockManager;
import com.nocobase.cluster.lock.LockOptions;
import com.nocobase.cluster.member.Member;
import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.sample.web.ProblemException;
import com.nocobase.cluster.sync.SyncApplied;
import com.nocobase.cluster.sync.SyncMessage;
import com.nocobase.cluster.sync.SyncReceipt;

/**
 * Keeps the schema in memory the same on every instance. A change is one transaction:
 * after its commit this instance reloads the collection and all others are told to; after
 * a rollback nobody hears of it.
 */
@Component
class DataSourcePlugin extends Plugin {

	private static final Log logger = LogFactory.getLog(DataSourcePlugin.class);

	private final Schema schema;

	private final SchemaTables tables;

	private final TransactionOperations transactions;

	DataSourcePlugin(ClusterApp app, Schema schema, SchemaTables tables, TransactionOperations transactions) {
		super("data-source", app);
		this.schema = schema;
		this.tables = tables;
		this.transactions = transactions;
	}

	@Override
	public void load() {
		this.schema.reload();
	}

	@Override
	public void handleSyncMessage(SyncMessage message) {
		this.schema.reload(message.as(CollectionChanged.class).name());
	}

	@Override
	public void resync() {
		this.schema.reload();
	}

	SyncReceipt createCollection(String collection, boolean rollback) {
		return change(collection, rollback, () -> this.tables.insertCollection(collection));
	}

	SyncReceipt removeCollection(String collection, boolean rollback) {
		return change(collection, rollback, () -> found(this.tables.deleteCollection(collection), collection));
	}

	SyncReceipt addField(String collection, String field, boolean rollback) {
		return change(collection, rollback, () -> this.tables.insertField(collection, field));
	}

	SyncReceipt removeField(String collection, String field, boolean rollback) {
		LockManager locks = app().lockManager();
		String key = name() + ":fields.beforeDestroy:" + collection;
		return change(collection, rollback, () -> locks.runExclusive(key, LockOptions.DEFAULTS,
				() -> found(this.tables.deleteField(collection, field), collection + "." + field)));
	}

	Applied awaitApplied(SyncReceipt receipt, Duration timeout) {
		SyncApplied applied = receipt.awaitApplied(timeout);
		return (receipt.state() == SendState.SENT) ? new Applied(applied.applied(), applied.lagging())
				: new Applied(Set.of(), others());
	}

	private Set<String> others() {
		return app().members()
			.all()
			.stream()
			.map(Member::instanceId)
			.filter((id) -> !id.equals(app().instanceId()))
			.collect(Collectors.toSet());
	}

	private SyncReceipt change(String collection, boolean rollback, Runnable change) {
		SyncReceipt receipt = commit(collection, rollback, change);
		try {
			this.schema.reload(collection);
		}
		catch (DataAccessException ex) {
			logger.warn(LogMessage.format("Reloading %s failed; its sync message will do it", collection), ex);
		}
		return receipt;
	}

	private SyncReceipt commit(String collection, boolean rollback, Runnable change) {
		try {
			return Objects.requireNonNull(this.transactions.execute((status) -> {
				change.run();
				SyncReceipt receipt = announce(collection);
				if (rollback) {
					throw new ProblemException(HttpStatus.INTERNAL_SERVER_ERROR, "Rolled back, as was asked for");
				}
				return receipt;
			}));
		}
		catch (DuplicateKeyException ex) {
			throw new ProblemException(HttpStatus.CONFLICT, "The name is taken", ex);
		}
		catch (DataIntegrityViolationException ex) {
			throw new ProblemException(HttpStatus.NOT_FOUND, "There is no " + collection, ex);
		}
	}

	private SyncReceipt announce(String collection) {
		// This instance too, in case that it cannot reload right after the commit.
		return app().syncMessageManager().publish(name(), new CollectionChanged(collection), false);
	}

	private static void found(boolean found, String what) {
		if (!found) {
			throw new ProblemException(HttpStatus.NOT_FOUND, "There is no " + what);
		}
	}

}
