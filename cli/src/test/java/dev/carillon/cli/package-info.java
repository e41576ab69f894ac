/// Tests of the command line against a real gateway.
@NullMarked
package dev.carillon.cli;

import org.jspecify.annotations.NullMarked;
