package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import dev.carillon.gateway.store.postgres.sql.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;

/// Stores attempts, many in a few statements.
///
/// Owner and number of the attempt are the fence: an attempt that was stored before, one of a node
/// that lost the delivery meanwhile, and one of a delivery that waits for none change nothing.
final class AttemptRows {
  private static final String DONE =
      "DELETE FROM delivery_due AS due"
          + " USING unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::uuid[])"
          + " AS made (application_id, id, number, owner)"
          + " WHERE due.application_id = made.application_id AND due.delivery_id = made.id"
          + " AND due.attempts = made.number - 1 AND due.owner = made.owner"
          + " RETURNING due.delivery_id";
  private static final String AGAIN =
      "UPDATE delivery_due AS due SET attempts = made.number, next_at = made.next_at"
          + " FROM unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::uuid[], ?::bigint[])"
          + " AS made (application_id, id, number, owner, next_at)"
          + " WHERE due.application_id = made.application_id AND due.delivery_id = made.id"
          + " AND due.attempts = made.number - 1 AND due.owner = made.owner"
          + " RETURNING due.delivery_id";
  private static final String UPDATE =
      "UPDATE delivery SET state = made.state, attempts = made.number,"
          + " failures = failures + made.counted, next_at = made.next_at, changed_at = made.ended_at,"
          + " last_started_at = made.started_at, last_took_ms = made.took_ms,"
          + " last_status = made.status, last_failure = made.failure, last_excerpt = made.excerpt"
          + " FROM unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],"
          + " ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[])"
          + " AS made (application_id, id, state, number, counted, next_at, ended_at, started_at,"
          + " took_ms, status, failure, excerpt)"
          + " WHERE delivery.application_id = made.application_id AND delivery.id = made.id";
  private static final String INSERT =
      "INSERT INTO attempt (application_id, delivery_id, number, started_at, took_ms, status, next,"
          + " next_at, counted, failure, excerpt)"
          + " SELECT application_id, id, number, started_at, took_ms, status, next, next_at,"
          + " counted = 1, failure, excerpt"
          + " FROM unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],"
          + " ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[])"
          + " AS made (application_id, id, number, started_at, took_ms, status, next, next_at,"
          + " counted, failure, excerpt) ON CONFLICT DO NOTHING";

  private AttemptRows() {}

  /// Stores attempts, no two of one delivery, and gives those that were stored.
  static List<Attempted> record(Session session, List<Attempted> made) throws SQLException {
    var stored = new HashSet<UUID>();
    List<Attempted> again = made.stream().filter(one -> one.retryAt().isPresent()).toList();
    List<Attempted> done = made.stream().filter(one -> one.retryAt().isEmpty()).toList();
    if (!again.isEmpty()) {
      stored.addAll(
          fenced(session, AGAIN, again)
              .times(again, one -> one.retryAt().orElseThrow())
              .all(Row::uuid));
    }
    if (!done.isEmpty()) {
      stored.addAll(fenced(session, DONE, done).all(Row::uuid));
    }
    List<Attempted> kept = made.stream().filter(one -> stored.contains(one.id())).toList();
    if (!kept.isEmpty()) {
      update(session, kept);
      insert(session, kept);
    }
    return kept;
  }

  private static Sql fenced(Session session, String text, List<Attempted> made)
      throws SQLException {
    return session
        .sql(text)
        .ids(made, Attempted::application)
        .ids(made, Attempted::id)
        .numbers(made, one -> one.dispatch().attempt())
        .ids(made, Attempted::owner);
  }

  private static void update(Session session, List<Attempted> made) throws SQLException {
    session
        .sql(UPDATE)
        .ids(made, Attempted::application)
        .ids(made, Attempted::id)
        .numbers(made, Attempted::state)
        .numbers(made, one -> one.dispatch().attempt())
        .numbers(made, one -> one.counted() ? 1 : 0)
        .times(made, one -> one.retryAt().orElse(one.end()))
        .times(made, Attempted::end)
        .times(made, one -> one.receipt().startedAt())
        .numbers(made, one -> one.receipt().took().toMillis())
        .numbers(made, one -> one.receipt().status())
        .maybeTexts(made, one -> one.receipt().failure())
        .maybeTexts(made, Attempted::excerpt)
        .update();
  }

  /// A success stands in its delivery alone, until another attempt follows.
  private static void insert(Session session, List<Attempted> made) throws SQLException {
    List<Attempted> failed =
        made.stream().filter(one -> !(one.receipt().next() instanceof Next.Delivered)).toList();
    if (failed.isEmpty()) {
      return;
    }
    session
        .sql(INSERT)
        .ids(failed, Attempted::application)
        .ids(failed, Attempted::id)
        .numbers(failed, one -> one.dispatch().attempt())
        .times(failed, one -> one.receipt().startedAt())
        .numbers(failed, one -> one.receipt().took().toMillis())
        .numbers(failed, one -> one.receipt().status())
        .numbers(failed, Attempted::state)
        .maybeNumbers(failed, one -> one.retryAt().map(Instant::toEpochMilli))
        .numbers(failed, one -> one.counted() ? 1 : 0)
        .maybeTexts(failed, one -> one.receipt().failure())
        .maybeTexts(failed, Attempted::excerpt)
        .update();
  }
}
