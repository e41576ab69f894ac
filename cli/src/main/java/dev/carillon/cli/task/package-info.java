/// The caller's commands: make something, look after tasks and callbacks, run a whole file of
/// requests. They speak to the gateway through the Java SDK only, and load nothing of the gateway.
@NullMarked
package dev.carillon.cli.task;

import org.jspecify.annotations.NullMarked;
