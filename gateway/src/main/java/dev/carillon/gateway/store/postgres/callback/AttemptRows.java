package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import dev.carillon.gateway.store.postgres.sql.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  /// An attempt decides nothing where its delivery was sent again meanwhile; one that arrived does,
  /// unless that was under a new id.
  private static final String DECIDES =
      "(delivery.copy = made.copy AND (made.state = 1 OR delivery.since = made.since))";

  private static final String UPDATE =
      "UPDATE delivery SET state = CASE WHEN "
          + DECIDES
          + " THEN made.state ELSE 0 END, attempts = made.number, failures = failures + CASE WHEN "
          + DECIDES
          + " THEN made.counted ELSE 0 END, next_at = CASE WHEN "
          + DECIDES
          + " THEN made.next_at ELSE delivery.next_at END, changed_at = made.ended_at,"
          + " last_started_at = made.started_at, last_took_ms = made.took_ms,"
          + " last_status = made.status, last_failure = made.failure, last_excerpt = made.excerpt"
          + " FROM unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],"
          + " ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[],"
          + " ?::bigint[], ?::bigint[])"
          + " AS made (application_id, id, state, number, counted, next_at, ended_at, started_at,"
          + " took_ms, status, failure, excerpt, copy, since)"
          + " WHERE delivery.application_id = made.application_id AND delivery.id = made.id"
          + " RETURNING delivery.id, "
          + DECIDES;

  /// What was overtaken waits as it was sent again.
  private static final String STILL_DUE =
      "INSERT INTO delivery_due AS due (application_id, delivery_id, next_at, owner, attempts,"
          + " destination) SELECT delivery.application_id, id, next_at, made.owner, attempts,"
          + " destination FROM delivery JOIN unnest(?::uuid[], ?::uuid[], ?::uuid[])"
          + " AS made (application_id, delivery_id, owner) ON id = made.delivery_id"
          + " AND delivery.application_id = made.application_id"
          + " ON CONFLICT (application_id, delivery_id) DO UPDATE SET next_at = excluded.next_at,"
          + " attempts = excluded.attempts";

  private static final String FAILED =
      "INSERT INTO delivery_failed (application_id, state, delivery_id)"
          + " SELECT * FROM unnest(?::uuid[], ?::bigint[], ?::uuid[]) ON CONFLICT DO NOTHING";
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

  /// What storing came to.
  ///
  /// @param kept the attempts that were stored
  /// @param overtaken those of them whose deliveries were sent again meanwhile
  record Stored(List<Attempted> kept, Set<UUID> overtaken) {}

  /// Stores attempts, no two of one delivery.
  static Stored record(Session session, List<Attempted> made) throws SQLException {
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
    var overtaken = new HashSet<UUID>();
    if (!kept.isEmpty()) {
      overtaken.addAll(update(session, kept));
      insert(session, kept, overtaken);
      list(session, kept, overtaken);
    }
    return new Stored(kept, overtaken);
  }

  /// Keeps the lists of what is pending and of what did not arrive.
  private static void list(Session session, List<Attempted> kept, Set<UUID> overtaken)
      throws SQLException {
    List<Attempted> due = kept.stream().filter(one -> overtaken.contains(one.id())).toList();
    if (!due.isEmpty()) {
      session
          .sql(STILL_DUE)
          .ids(due, Attempted::application)
          .ids(due, Attempted::id)
          .ids(due, Attempted::owner)
          .update();
    }
    List<Attempted> failed =
        kept.stream()
            .filter(one -> one.state() > DeliveryCodes.DELIVERED && !overtaken.contains(one.id()))
            .toList();
    if (!failed.isEmpty()) {
      session
          .sql(FAILED)
          .ids(failed, Attempted::application)
          .numbers(failed, Attempted::state)
          .ids(failed, Attempted::id)
          .update();
    }
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

  /// @return the deliveries that were sent again meanwhile
  private static List<UUID> update(Session session, List<Attempted> made) throws SQLException {
    var overtaken = new ArrayList<UUID>();
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
        .numbers(made, one -> one.dispatch().tries().copy())
        .times(made, one -> one.dispatch().tries().since())
        .all(row -> {
          UUID id = row.uuid();
          return row.flag() || overtaken.add(id);
        });
    return overtaken;
  }

  /// A success stands in its delivery alone, until another attempt follows.
  private static void insert(Session session, List<Attempted> made, Set<UUID> overtaken)
      throws SQLException {
    List<Attempted> failed =
        made.stream()
            .filter(one ->
                !(one.receipt().next() instanceof Next.Delivered) || overtaken.contains(one.id()))
            .toList();
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
