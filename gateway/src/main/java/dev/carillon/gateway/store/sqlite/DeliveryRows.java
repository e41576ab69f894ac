package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.DeliveryState;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// Writes deliveries and their attempts.
///
/// A row keeps its size until it is delivered, so that SQLite overwrites it in place: what tells
/// the latest attempt is filled from the start with numbers as wide as the usual ones, and means
/// something only once there was an attempt. A success is written there alone; it becomes a row of
/// its own only when another attempt follows.
final class DeliveryRows {
  static final int PENDING = 0;
  static final int DELIVERED = 1;
  static final int EXHAUSTED = 2;
  static final int BLOCKED = 3;
  static final int GONE = 4;
  static final int DROPPED = 5;

  private static final String INSERT =
      "INSERT INTO delivery (application_id, id, task_id, sequence, endpoint_id, destination, state,"
          + " attempts, failures, copy, since, next_at, created_at, changed_at, last_started_at,"
          + " last_took_ms, last_status) VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, 0, ?, ?, ?, ?, ?, 300, 300)";
  private static final String UPDATE =
      "UPDATE delivery SET state = ?, attempts = ?, failures = failures + ?, next_at = ?,"
          + " changed_at = ?, last_started_at = ?, last_took_ms = ?, last_status = ?,"
          + " last_failure = ?, last_excerpt = ?"
          + " WHERE application_id = ? AND id = ? AND state = 0 AND attempts = ?"
          + " AND copy = ? AND (since = ? OR ?)";
  private static final String UPDATE_OLD =
      "UPDATE delivery SET attempts = ?, changed_at = ?, last_started_at = ?, last_took_ms = ?,"
          + " last_status = ?, last_failure = ?, last_excerpt = ?"
          + " WHERE application_id = ? AND id = ? AND state = 0 AND attempts = ?";
  private static final String INSERT_ATTEMPT =
      "INSERT INTO attempt (delivery_id, number, started_at, took_ms, status, next, next_at,"
          + " counted, failure, excerpt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String KEEP_SUCCESS =
      "INSERT INTO attempt (delivery_id, number, started_at, took_ms, status, next, next_at,"
          + " counted, failure, excerpt) SELECT id, attempts, last_started_at, last_took_ms,"
          + " last_status, 1, NULL, 0, NULL, last_excerpt FROM delivery"
          + " WHERE application_id = ? AND id = ? AND state = 1";
  private static final String AGAIN =
      "UPDATE delivery SET state = 0, failures = 0, since = ?, next_at = ?, changed_at = ?,"
          + " copy = copy + ? WHERE application_id = ? AND id = ?";
  private static final String SUPERSEDE =
      "UPDATE delivery SET state = 5, changed_at = ? WHERE task_id = ? AND endpoint_id = ?"
          + " AND state = 0 AND sequence IN (SELECT sequence FROM event WHERE task_id = ?"
          + " AND type = 'task.progressed')";

  private DeliveryRows() {}

  /// What a new delivery is made of.
  record New(DeliveryId id, Event event, Optional<EndpointId> endpoint, String destination) {
    static New of(DeliveryId id, Event event, WebhookEndpoint endpoint) {
      return new New(id, event, Optional.of(endpoint.id()), endpoint.destination().key());
    }
  }

  static void insert(Session session, New made, Instant now) throws SQLException {
    session
        .sql(INSERT)
        .put(made.event.application().value())
        .put(made.id.value())
        .put(made.event.task().value())
        .put(made.event.sequence())
        .putId(made.endpoint.map(EndpointId::value))
        .put(made.destination)
        .put(now)
        .put(now)
        .put(now)
        .put(now)
        .put(now)
        .update();
  }

  /// What storing an attempt came to.
  enum Stored {
    /// It was stored before, or the delivery waits for none.
    NOTHING,
    /// It decided what follows.
    DECIDED,
    /// It was sent again meanwhile, in a new round: the attempt is kept and decides nothing.
    OVERTAKEN
  }

  /// Stores an attempt and what follows. One that arrived decides even where the same was to be
  /// sent again meanwhile, but not where it was to go under a new id.
  static Stored recordAttempt(Session session, Dispatch dispatch, Receipt receipt)
      throws SQLException {
    boolean decided = recordNow(session, dispatch, receipt);
    boolean overtaken = !decided && recordOld(session, dispatch, receipt);
    if (overtaken || (decided && code(receipt.next()) != DELIVERED)) {
      insertAttempt(session, dispatch, receipt);
    }
    return decided ? Stored.DECIDED : overtaken ? Stored.OVERTAKEN : Stored.NOTHING;
  }

  private static Optional<Instant> retryAt(Receipt receipt) {
    return receipt.next() instanceof Next.Retry(var at, _) ? Optional.of(at) : Optional.empty();
  }

  private static boolean isCounted(Receipt receipt) {
    return receipt.next() instanceof Next.Retry(_, boolean counts) && counts;
  }

  private static boolean recordNow(Session session, Dispatch dispatch, Receipt receipt)
      throws SQLException {
    Instant end = receipt.startedAt().plus(receipt.took());
    int state = code(receipt.next());
    return session
            .sql(UPDATE)
            .put(state)
            .put(dispatch.attempt())
            .put(isCounted(receipt))
            .put(retryAt(receipt).orElse(end))
            .put(end)
            .put(receipt.startedAt())
            .put(receipt.took().toMillis())
            .put(receipt.status())
            .putText(receipt.failure())
            .putText(excerpt(receipt))
            .put(dispatch.event().application().value())
            .put(dispatch.id().value())
            .put(dispatch.attempt() - 1)
            .put(dispatch.tries().copy())
            .put(dispatch.tries().since())
            .put(state == DELIVERED)
            .update()
        > 0;
  }

  private static void insertAttempt(Session session, Dispatch dispatch, Receipt receipt)
      throws SQLException {
    session
        .sql(INSERT_ATTEMPT)
        .put(dispatch.id().value())
        .put(dispatch.attempt())
        .put(receipt.startedAt())
        .put(receipt.took().toMillis())
        .put(receipt.status())
        .put(code(receipt.next()))
        .putTime(retryAt(receipt))
        .put(isCounted(receipt))
        .putText(receipt.failure())
        .putText(excerpt(receipt))
        .update();
  }

  private static boolean recordOld(Session session, Dispatch dispatch, Receipt receipt)
      throws SQLException {
    return session
            .sql(UPDATE_OLD)
            .put(dispatch.attempt())
            .put(receipt.startedAt().plus(receipt.took()))
            .put(receipt.startedAt())
            .put(receipt.took().toMillis())
            .put(receipt.status())
            .putText(receipt.failure())
            .putText(excerpt(receipt))
            .put(dispatch.event().application().value())
            .put(dispatch.id().value())
            .put(dispatch.attempt() - 1)
            .update()
        > 0;
  }

  private static Optional<String> excerpt(Receipt receipt) {
    return receipt.excerpt().isEmpty() ? Optional.empty() : Optional.of(receipt.excerpt());
  }

  /// Makes a delivery due now, in a new round, whatever became of it before.
  ///
  /// @return false for an unknown one
  static boolean again(Session session, Key key, boolean newId, Instant now) throws SQLException {
    session.sql(KEEP_SUCCESS).put(key.application.value()).put(key.id.value()).update();
    return session
            .sql(AGAIN)
            .put(now)
            .put(now)
            .put(now)
            .put(newId)
            .put(key.application.value())
            .put(key.id.value())
            .update()
        > 0;
  }

  /// Drops what an endpoint was still to hear of a task's earlier progress.
  ///
  /// @return how many were dropped
  static int supersede(Session session, Event event, EndpointId endpoint) throws SQLException {
    return session
        .sql(SUPERSEDE)
        .put(event.at())
        .put(event.task().value())
        .put(endpoint.value())
        .put(event.task().value())
        .update();
  }

  static int code(Next next) {
    return switch (next) {
      case Next.Retry _ -> PENDING;
      case Next.Delivered _ -> DELIVERED;
      case Next.Exhausted _ -> EXHAUSTED;
      case Next.Blocked _ -> BLOCKED;
      case Next.Gone _ -> GONE;
    };
  }

  static int code(DeliveryState state) {
    return switch (state) {
      case PENDING -> PENDING;
      case DELIVERED -> DELIVERED;
      case EXHAUSTED -> EXHAUSTED;
      case BLOCKED -> BLOCKED;
      case GONE -> GONE;
      case DROPPED -> DROPPED;
    };
  }

  static DeliveryState state(int code) {
    return switch (code) {
      case PENDING -> DeliveryState.PENDING;
      case DELIVERED -> DeliveryState.DELIVERED;
      case EXHAUSTED -> DeliveryState.EXHAUSTED;
      case BLOCKED -> DeliveryState.BLOCKED;
      case GONE -> DeliveryState.GONE;
      case DROPPED -> DeliveryState.DROPPED;
      default -> throw new IllegalStateException("no delivery has the state " + code);
    };
  }

  /// What finds a delivery's row.
  record Key(ApplicationId application, DeliveryId id) {}
}
