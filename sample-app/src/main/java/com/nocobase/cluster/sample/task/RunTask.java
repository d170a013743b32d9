package com.nocobase.cluster.sample.task;

/**
 * Asks for a task to be run. Which one, the id of the message says; what to do, its row.
 */
record RunTask() {

}
