/// The command line `carillon`, and the one runnable jar.
@NullMarked
package dev.carillon.cli;

import org.jspecify.annotations.NullMarked;
