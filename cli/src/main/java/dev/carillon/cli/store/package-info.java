/// `carillon store …`: looks at a store, migrates it, copies it, moves it.
@NullMarked
package dev.carillon.cli.store;

import org.jspecify.annotations.NullMarked;
