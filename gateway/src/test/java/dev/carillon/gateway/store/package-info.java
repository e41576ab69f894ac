/// The laws of the store and the classes that hold each adapter to them.
@NullMarked
package dev.carillon.gateway.store;

import org.jspecify.annotations.NullMarked;
