/// What waits in memory of one process to be handed out: callbacks by their destinations, whatever
/// the database they stand in.
@NullMarked
package dev.carillon.gateway.store.queue;

import org.jspecify.annotations.NullMarked;
