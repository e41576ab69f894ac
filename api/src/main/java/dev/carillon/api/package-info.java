/// Words on the wire: error codes, event names and header names, shared by the gateway, its clients
/// and its tests. Nothing here does I/O.
@NullMarked
package dev.carillon.api;

import org.jspecify.annotations.NullMarked;
