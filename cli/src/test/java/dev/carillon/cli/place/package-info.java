@NullMarked
package dev.carillon.cli.place;

import org.jspecify.annotations.NullMarked;
