/// What a store costs, as ratios within one run: PostgreSQL against SQLite, many nodes against one,
/// how soon a dead node's tasks are taken up, and how a database is filled for the measure of
/// growth.
@NullMarked
package dev.carillon.bench.store;

import org.jspecify.annotations.NullMarked;
