/// Looks whether a store keeps its laws, and tells which rows do not. It only reads, as of one
/// moment, so it may look at the store of a gateway that runs.
///
/// A law is a name, what it says, and a query for the ids that break it. Most are the same text for
/// both databases, as the tables have the same names; `CheckupTest` breaks each of them once.
@NullMarked
package dev.carillon.gateway.store.check;

import org.jspecify.annotations.NullMarked;
