/// Reads what native calls give, strictly: what cannot be read or is not known is a `bad_request`
/// that names it and says what to write.
@NullMarked
package dev.carillon.gateway.http.strict;

import org.jspecify.annotations.NullMarked;
