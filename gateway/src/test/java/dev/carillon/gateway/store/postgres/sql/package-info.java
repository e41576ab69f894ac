/// Tests of the way to the database.
@NullMarked
package dev.carillon.gateway.store.postgres.sql;

import org.jspecify.annotations.NullMarked;
