package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Stores attempts, many in a few statements.
///
/// Owner and number of the attempt are the fence: an attempt that was stored before, one of a node
/// that lost the delivery meanwhile, and one of a delivery that waits for none change nothing.
final class AttemptRows {
  private static final String MADE =
      "WITH made AS (SELECT * FROM unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::bigint[],"
          + " ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],"
          + " ?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::bigint[])"
          + " AS made (application_id, id, owner, state, number, counted, next_at, ended_at,"
          + " started_at, took_ms, status, failure, excerpt, copy, since)), ";

  /// The owner is not compared by `=`, so that the row is found by its key, not by the index that
  /// has all of an owner's.
  private static final String FENCED =
      " WHERE due.application_id = made.application_id AND due.delivery_id = made.id"
          + " AND due.attempts = made.number - 1 AND due.owner IS NOT DISTINCT FROM made.owner"
          + " RETURNING made.*) ";

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
          + " FROM taken AS made WHERE delivery.application_id = made.application_id"
          + " AND delivery.id = made.id RETURNING delivery.id, "
          + DECIDES;

  private static final String DONE =
      MADE + "taken AS (DELETE FROM delivery_due AS due USING made" + FENCED + UPDATE;
  private static final String AGAIN =
      MADE
          + "taken AS (UPDATE delivery_due AS due SET attempts = made.number,"
          + " next_at = made.next_at FROM made"
          + FENCED
          + UPDATE;

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

  private final Session session;
  private final List<Attempted> made;
  private final Set<UUID> stored = new HashSet<>();
  private final Set<UUID> overtaken = new HashSet<>();

  private AttemptRows(Session session, List<Attempted> made) {
    this.session = session;
    this.made = made;
  }

  /// Stores attempts, no two of one delivery, with the session's next message.
  static AttemptRows store(Session session, List<Attempted> made) {
    var rows = new AttemptRows(session, made);
    rows.update(AGAIN, made.stream().filter(one -> one.retryAt().isPresent()).toList());
    rows.update(DONE, made.stream().filter(one -> one.retryAt().isEmpty()).toList());
    return rows;
  }

  /// The attempts that were stored.
  List<Attempted> kept() {
    return made.stream().filter(one -> stored.contains(one.id())).toList();
  }

  /// Whether a delivery was sent again while this attempt of it was made.
  boolean isOvertaken(Attempted one) {
    return overtaken.contains(one.id());
  }

  /// Keeps the lists of what is pending and of what did not arrive, and of attempts.
  void list() {
    List<Attempted> kept = kept();
    insert(kept);
    List<Attempted> due = kept.stream().filter(one -> overtaken.contains(one.id())).toList();
    if (!due.isEmpty()) {
      session
          .sql(STILL_DUE)
          .ids(due, Attempted::application)
          .ids(due, Attempted::id)
          .ids(due, Attempted::owner)
          .later();
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
          .later();
    }
  }

  private void update(String text, List<Attempted> some) {
    if (some.isEmpty()) {
      return;
    }
    session
        .sql(text)
        .ids(some, Attempted::application)
        .ids(some, Attempted::id)
        .ids(some, Attempted::owner)
        .numbers(some, Attempted::state)
        .numbers(some, one -> one.dispatch().attempt())
        .numbers(some, one -> one.counted() ? 1 : 0)
        .times(some, one -> one.retryAt().orElse(one.end()))
        .times(some, Attempted::end)
        .times(some, one -> one.receipt().startedAt())
        .numbers(some, one -> one.receipt().took().toMillis())
        .numbers(some, one -> one.receipt().status())
        .maybeTexts(some, one -> one.receipt().failure())
        .maybeTexts(some, Attempted::excerpt)
        .numbers(some, one -> one.dispatch().tries().copy())
        .times(some, one -> one.dispatch().tries().since())
        .later(Told::read, this::hear);
  }

  private void hear(Told told) {
    stored.add(told.id);
    if (!told.decides) {
      overtaken.add(told.id);
    }
  }

  private record Told(UUID id, boolean decides) {
    private static Told read(Row row) throws SQLException {
      return new Told(row.uuid(), row.flag());
    }
  }

  /// A success stands in its delivery alone, until another attempt follows.
  private void insert(List<Attempted> kept) {
    List<Attempted> failed =
        kept.stream()
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
        .later();
  }
}
