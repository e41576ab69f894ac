/// The store in one SQLite file: the embedded default, for one process.
///
/// **Writing.** One thread writes. A verb waits in a bounded queue; the writer takes all that wait,
/// runs them in one transaction and commits with an fsync, then tells memory what is durable, rings
/// the bell and lets the callers go. While it commits, the next batch gathers, so there is no
/// linger and one fsync serves as many verbs as came meanwhile.
///
/// ```
/// callers ──verbs──► queue ──► writer ──one commit──► file
///    ▲                           │
///    └── result ◄── memory, bell ┘   (open tasks, hot tasks, hand-over, dispatches)
/// ```
///
/// **Reading.** Recent tasks come from memory. One row is read on the caller's own thread; lists,
/// counts, events and purges run on a few platform threads, as a native call holds a virtual
/// thread's carrier.
///
/// **When the machine dies**, what a verb returned is in the file. Memory holds nothing else but
/// how far running tasks were, for about a second. At the next start all open tasks come out of
/// `claim` again with a greater fence, oldest first, and all pending deliveries out of
/// `claimDeliveries`.
///
/// **How it fails.** When the disk is full or broken, verbs end in
/// [dev.carillon.gateway.store.StoreUnavailableException], `ready` says no, and the writer tries
/// about twice a second until it can write again. When one verb fails by a fault of its own, the
/// others of its batch are run again without it. When too many verbs wait, they are refused at
/// once. A second process is refused by a lock on `<file>.lock`.
@NullMarked
package dev.carillon.gateway.store.sqlite;

import org.jspecify.annotations.NullMarked;
