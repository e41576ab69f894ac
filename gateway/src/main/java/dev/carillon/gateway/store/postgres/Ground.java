package dev.carillon.gateway.store.postgres;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.store.Bell;
import dev.carillon.gateway.store.postgres.batch.AfterCommit;
import dev.carillon.gateway.store.postgres.batch.Writer;
import dev.carillon.gateway.store.postgres.sql.Database;
import java.time.InstantSource;
import java.util.UUID;

/// What every part of the store stands on.
///
/// @param node this node's id, new with every start
/// @param database for reads, and for connections of one's own
/// @param writer for everything that is written
/// @param afterCommit where a part asks to be told of what others wrote on this node
/// @param bell rings for this node's own changes and for those it hears of
public record Ground(
    UUID node,
    PostgresConfig config,
    InstantSource clock,
    Ids ids,
    Database database,
    Writer writer,
    AfterCommit afterCommit,
    Bell bell) {}
