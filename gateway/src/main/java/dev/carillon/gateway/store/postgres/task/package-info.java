/// A task's life in PostgreSQL: its verbs, its reads, and what this node keeps in memory of the
/// tasks it owns.
///
/// **Owning.** [Node][dev.carillon.gateway.store.postgres.task.Node] renews this node's lease and
/// sees which other nodes are dead; the backlog is what those left. **The bell.**
/// [Ringer][dev.carillon.gateway.store.postgres.task.Ringer] tells other nodes, after the commit
/// and many at once, which tasks changed and which feeds grew, and rings this node's bell for what
/// it hears from them.
@NullMarked
package dev.carillon.gateway.store.postgres.task;

import org.jspecify.annotations.NullMarked;
