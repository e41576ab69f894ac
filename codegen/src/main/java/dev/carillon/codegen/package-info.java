/// Typed requests for the Java SDK, written from the catalog's service files at build time, so that
/// no copy of a service is kept by hand.
@NullMarked
package dev.carillon.codegen;

import org.jspecify.annotations.NullMarked;
