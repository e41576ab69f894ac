/// Callbacks, endpoints and feeds in PostgreSQL, for many nodes.
///
/// **Owning.** A delivery that waits for an attempt is owned by one node: at first the one whose
/// transaction wrote its event, after that whoever sent it again by hand or took it over. Its owner
/// reads it, tries it and stores the attempts, so handing out takes no claim and no lock, and the
/// queues, windows and circuits of destinations are those of one node each: a receiver gets at most
/// as much at once from each node as its window says.
///
/// ```
/// event ──one commit──► delivery, delivery_due(owner) ──► queues in memory ──► attempt
///                              ▲          │                                       │
///   other nodes ◄─ lease passed┘          └◄── under owner and attempts ──────────┘
/// ```
///
/// **When a node dies**, its lease passes, and the others take over what it owned in small parts,
/// with `SKIP LOCKED`: the same ids, the same bytes. What the dead one, should it only have slept,
/// stores late changes nothing, as the rows are another's.
///
/// **The feed** of an application is in the order of the commits: whoever writes into it holds the
/// application's head from the moment it takes a place to its commit. So a reader that has seen a
/// place has seen all before it, and no sequence and no clock is asked.
///
/// **Endpoints** change under the same head, so an event written on any node after an endpoint was
/// registered reaches it. Whether an endpoint is switched off is heard by other nodes by the bell,
/// and found out within a second without it.
@NullMarked
package dev.carillon.gateway.store.postgres.callback;

import org.jspecify.annotations.NullMarked;
