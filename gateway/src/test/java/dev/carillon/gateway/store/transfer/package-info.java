@NullMarked
package dev.carillon.gateway.store.transfer;

import org.jspecify.annotations.NullMarked;
