@NullMarked
package dev.carillon.gateway.store.postgres;

import org.jspecify.annotations.NullMarked;
