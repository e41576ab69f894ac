/// Keeps secrets that callbacks are signed with encrypted in the database, under a key that does
/// not stand there: whoever gets hold of the database alone, or of a copy of it, can sign nothing.
///
/// It stands between the rooms and either store, and changes texts on their way in and out. What an
/// earlier version left in the clear is still read, and sealed at the start. A database tells the
/// name of the key that its secrets are sealed with, so a process that holds another one does not
/// start.
@NullMarked
package dev.carillon.gateway.store.sealed;

import org.jspecify.annotations.NullMarked;
