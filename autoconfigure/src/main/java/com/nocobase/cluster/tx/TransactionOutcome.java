package com.nocobase.cluster.tx;

/**
 * How a transaction ended.
 */
public enum TransactionOutcome {

	/** The commit succeeded. */
	COMMITTED,

	/** It was rolled back. */
	ROLLED_BACK,

	/** The database was lost during the commit; nobody knows. */
	UNKNOWN

}
