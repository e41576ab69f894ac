/// Accounts, applications, tokens, credit, limits and usage in PostgreSQL.
///
/// Nothing of it is remembered here from one request to the next, but for the limits of
/// applications, which every request asks for: the door remembers a token for a second and forgets
/// all when [dev.carillon.gateway.store.Bell#ringDirectory] rings, so what one node takes back, the
/// others refuse at once, and within a second when the bell is lost.
@NullMarked
package dev.carillon.gateway.store.postgres.directory;

import org.jspecify.annotations.NullMarked;
