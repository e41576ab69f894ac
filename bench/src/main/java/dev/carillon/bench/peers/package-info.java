/// Durable queues of others under measure, each a program of its own in `bench/peers` with its
/// documented fast settings, on the same PostgreSQL as ours and in turn with it.
@NullMarked
package dev.carillon.bench.peers;

import org.jspecify.annotations.NullMarked;
