/// The store in PostgreSQL, for many nodes, each of which may answer anything.
///
/// **Writing.** A few threads write, one connection each. A verb waits in a bounded queue; a writer
/// takes all that wait, locks what they need in one fixed order, lets each decide in memory, writes
/// with one statement a table and commits once. What came meanwhile is the next batch.
///
/// ```
/// callers ──verbs──► queue ──► writers ──one commit a batch──► PostgreSQL ◄── other nodes
///    ▲                            │                                │
///    └── result ◄── memory, bell ◄┘ ◄────────── LISTEN ◄───────────┘
/// ```
///
/// **Owning.** A task is worked on by the node that accepted it, under a fence that grows whenever
/// another takes it over. A node lives as long as its lease, which it renews by the database's
/// clock; what a dead one owned is taken over in small parts, with `SKIP LOCKED`.
///
/// **Reading.** Ended tasks are kept in memory for a short while, as they hardly change. All else
/// is read from the database, and a task that runs on this node is shown as far as it is.
///
/// **When the machine dies**, what a verb returned is in the database. When the answer to a commit
/// is lost, the verb ends in [dev.carillon.gateway.store.StoreUnavailableException]; tasks that may
/// have been accepted by it are looked for until they are found or surely not there.
///
/// **How it fails.** Each statement, each wait for a lock and for a connection is bounded. While
/// the database cannot be reached, verbs are refused, `ready` says no, and the writers try again
/// about twice a second.
@NullMarked
package dev.carillon.gateway.store.postgres;

import org.jspecify.annotations.NullMarked;
