/// Reads and prints small texts for commands.
@NullMarked
package dev.carillon.cli.text;

import org.jspecify.annotations.NullMarked;
