/// The gateway, wired by hand: the only package that knows all rooms. `docs/architecture.md` tells
/// the walk of a request through them.
@NullMarked
package dev.carillon.gateway;

import org.jspecify.annotations.NullMarked;
