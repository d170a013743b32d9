package com.nocobase.cluster.worker;

import java.time.Instant;

/**
 * The parts of an id.
 *
 * @param id the id
 * @param timestamp the second in which it was given out
 * @param workerId who gave it out
 * @param sequence its number within that second, from 0
 */
public record SnowflakeId(long id, Instant timestamp, int workerId, int sequence) {

}
