/// How deliveries are kept and handed out in memory.
@NullMarked
package dev.carillon.gateway.store.queue;

import org.jspecify.annotations.NullMarked;
