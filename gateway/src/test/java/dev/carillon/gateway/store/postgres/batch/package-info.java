/// Tests of how what is written goes together.
@NullMarked
package dev.carillon.gateway.store.postgres.batch;

import org.jspecify.annotations.NullMarked;
