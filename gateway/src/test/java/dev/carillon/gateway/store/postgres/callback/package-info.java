@NullMarked
package dev.carillon.gateway.store.postgres.callback;

import org.jspecify.annotations.NullMarked;
