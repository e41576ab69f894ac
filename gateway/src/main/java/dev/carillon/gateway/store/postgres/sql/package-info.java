/// How the PostgreSQL store speaks SQL: connections and their bounds, statements, rows, migrations.
/// Nothing here knows what a task is.
@NullMarked
package dev.carillon.gateway.store.postgres.sql;

import org.jspecify.annotations.NullMarked;
