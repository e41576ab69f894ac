/// JSON read without a mapper. Part of how the SDK works; programs need none of it.
@NullMarked
package dev.carillon.client.json;

import org.jspecify.annotations.NullMarked;
