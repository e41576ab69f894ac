/// Moves a whole store: from SQLite to PostgreSQL and back, or through a file.
///
/// Both databases are seen as the same tables with the same columns: what one keeps otherwise (the
/// answers of tasks, owners, what is due) is joined when it is read and made anew when it is
/// written. Columns are those the databases have, so that a new one of both is carried without a
/// word here; `LayoutTest` holds the two views together.
///
/// ```
/// SQLite ──┐                        ┌──► SQLite
/// PostgreSQL ──► Origin ─ rows ─► Destination ──► PostgreSQL
/// file ────┘                        └──► file
/// ```
///
/// Rows are streamed, so memory does not grow with the store. An origin reads one snapshot. A
/// destination is empty, and one transaction fills it: when anything fails on the way, it is empty
/// still.
@NullMarked
package dev.carillon.gateway.store.transfer;

import org.jspecify.annotations.NullMarked;
