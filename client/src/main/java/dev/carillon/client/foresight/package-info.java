/// When a task is worth a look, learned from those that ended before. Part of how the SDK works;
/// programs need none of it.
@NullMarked
package dev.carillon.client.foresight;

import org.jspecify.annotations.NullMarked;
