/// What only the SQLite store promises: its file, its faults, its figures.
@NullMarked
package dev.carillon.gateway.store.sqlite;

import org.jspecify.annotations.NullMarked;
