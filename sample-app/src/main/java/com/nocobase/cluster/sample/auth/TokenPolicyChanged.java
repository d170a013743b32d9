package com.nocobase.cluster.sample.auth;

/**
 * Tells the other instances to forget the token policy that they have cached.
 */
record TokenPolicyChanged() {

}
