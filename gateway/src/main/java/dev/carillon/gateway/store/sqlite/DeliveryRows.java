package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.CallbackUrl;
import dev.carillon.gateway.domain.DeliveryId;
import dev.carillon.gateway.domain.Dispatch;
import dev.carillon.gateway.domain.Receipt;
import dev.carillon.gateway.domain.Receipt.Next;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.store.DeliveryStore.Attempt;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How deliveries and their attempts stand in their tables.
final class DeliveryRows {
  static final int PENDING = 0;
  static final int DELIVERED = 1;
  static final int EXHAUSTED = 2;
  static final int BLOCKED = 3;

  private static final String INSERT =
      "INSERT INTO delivery"
          + " (task_id, id, application_id, state, attempts, next_at, created_at, changed_at,"
          + " url) VALUES (?, ?, ?, 0, 0, ?, ?, ?, ?)";
  private static final String UPDATE =
      "UPDATE delivery SET state = ?, attempts = ?, next_at = ?, changed_at = ?"
          + " WHERE task_id = ? AND id = ? AND state = 0 AND attempts = ?";
  private static final String INSERT_ATTEMPT =
      "INSERT INTO attempt (task_id, delivery_id, number, started_at, took_ms, status, next,"
          + " next_at, failure) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String ATTEMPTS =
      "SELECT number, started_at, took_ms, status, failure, next, next_at FROM attempt"
          + " WHERE task_id = ? ORDER BY delivery_id, number";
  private static final String PENDING_COUNT =
      "SELECT count(*) FROM delivery INDEXED BY delivery_due WHERE state = 0";
  private static final String DUE =
      "SELECT next_at, task_id, id FROM delivery INDEXED BY delivery_due WHERE state = 0"
          + " AND next_at <= ? AND (next_at, task_id, id) > (?, ?, ?)"
          + " ORDER BY next_at, task_id, id LIMIT ?";
  private static final String NEXT_DUE =
      "SELECT next_at FROM delivery INDEXED BY delivery_due WHERE state = 0 AND next_at > ?"
          + " ORDER BY next_at LIMIT 1";
  private static final String ONE =
      "SELECT url, attempts FROM delivery WHERE task_id = ? AND id = ? AND state = 0";

  private DeliveryRows() {}

  static void insert(Session session, Dispatch dispatch, Instant now) throws SQLException {
    session
        .sql(INSERT)
        .put(dispatch.task().id().value())
        .put(dispatch.id().value())
        .put(dispatch.task().order().owner().application().value())
        .put(now)
        .put(now)
        .put(now)
        .put(dispatch.url().value())
        .update();
  }

  /// Stores an attempt and what follows. False when this attempt was stored before, or the delivery
  /// waits for none.
  static boolean recordAttempt(Session session, Dispatch dispatch, Receipt receipt)
      throws SQLException {
    Instant end = receipt.startedAt().plus(receipt.took());
    Optional<Instant> retryAt =
        receipt.next() instanceof Next.Retry(var at) ? Optional.of(at) : Optional.empty();
    int state = code(receipt.next());
    int changed =
        session
            .sql(UPDATE)
            .put(state)
            .put(dispatch.attempt())
            .put(retryAt.orElse(end))
            .put(end)
            .put(dispatch.task().id().value())
            .put(dispatch.id().value())
            .put(dispatch.attempt() - 1)
            .update();
    if (changed == 0) {
      return false;
    }
    session
        .sql(INSERT_ATTEMPT)
        .put(dispatch.task().id().value())
        .put(dispatch.id().value())
        .put(dispatch.attempt())
        .put(receipt.startedAt())
        .put(receipt.took().toMillis())
        .put(receipt.status())
        .put(state)
        .putTime(retryAt)
        .putText(receipt.failure())
        .update();
    return true;
  }

  static List<Attempt> attempts(Session session, TaskId task) throws SQLException {
    return session.sql(ATTEMPTS).put(task.value()).all(DeliveryRows::attempt);
  }

  static int pending(Session session) throws SQLException {
    return session.sql(PENDING_COUNT).one(Row::integer).orElse(0);
  }

  /// Pending deliveries that were due at a time, in the order of their due time, after a place.
  static List<Place> due(Session session, long now, Place after, int max) throws SQLException {
    return session
        .sql(DUE)
        .put(now)
        .put(after.nextAt)
        .put(after.task.value())
        .put(after.id.value())
        .put(max)
        .all(row -> new Place(row.number(), new TaskId(row.uuid()), new DeliveryId(row.uuid())));
  }

  /// When the first of those is due that were not due at a time.
  static Optional<Long> nextDue(Session session, long now) throws SQLException {
    return session.sql(NEXT_DUE).put(now).one(Row::number);
  }

  /// The right to try a delivery, if it is still pending.
  static Optional<Dispatch> dispatch(Session session, Place place) throws SQLException {
    Optional<Task> task = TaskRows.byId(session, place.task);
    if (task.isEmpty()) {
      return Optional.empty();
    }
    Task ended = task.get();
    return session
        .sql(ONE)
        .put(place.task.value())
        .put(place.id.value())
        .one(row -> new Dispatch(place.id, new CallbackUrl(row.text()), 1 + row.integer(), ended));
  }

  private static int code(Next next) {
    return switch (next) {
      case Next.Retry _ -> PENDING;
      case Next.Delivered _ -> DELIVERED;
      case Next.Exhausted _ -> EXHAUSTED;
      case Next.Blocked _ -> BLOCKED;
    };
  }

  private static Attempt attempt(Row row) throws SQLException {
    int number = row.integer();
    Instant startedAt = row.time();
    var took = Duration.ofMillis(row.number());
    int status = row.integer();
    Optional<String> failure = row.maybeText();
    int next = row.integer();
    Optional<Instant> retryAt = row.maybeTime();
    return new Attempt(number, new Receipt(startedAt, took, status, failure, next(next, retryAt)));
  }

  private static Next next(int code, Optional<Instant> retryAt) {
    return switch (code) {
      case PENDING -> new Next.Retry(retryAt.orElseThrow());
      case DELIVERED -> new Next.Delivered();
      case EXHAUSTED -> new Next.Exhausted();
      case BLOCKED -> new Next.Blocked();
      default -> throw new IllegalStateException("nothing that follows has the code " + code);
    };
  }

  /// A pending delivery's place in the order of due times.
  record Place(long nextAt, TaskId task, DeliveryId id) {}
}
