@NullMarked
package dev.carillon.gateway.store.sealed;

import org.jspecify.annotations.NullMarked;
