package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.IdempotencyKey;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Order.Terms;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.TaskState.Succeeded;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How tasks stand in their table.
final class TaskRows {
  static final long TELLS_PROGRESS = 1;
  private static final long MAY_BE_REPEATED = 2;

  private static final String COLUMNS =
      "task.id, account_id, application_id, credential_id, service, endpoint, type, trace_id,"
          + " created_at, finish_by, price, callback_url, request, start_by, keep_for, idempotency_key,"
          + " flags, cancellation, state, progress, started_at,"
          + " changed_at, error_code, error_message, response, charged";

  /// Adds the answers to tasks.
  private static final String WITH_ANSWER = " LEFT JOIN answer ON answer.position = task.position";

  private static final String SELECT = "SELECT " + COLUMNS + " FROM task" + WITH_ANSWER;
  private static final String BY_ID = SELECT + " WHERE task.id = ?";

  private static final String CLAIM_AT =
      "SELECT "
          + COLUMNS
          + ", fence, attempt, upstream_ref FROM task"
          + WITH_ANSWER
          + " WHERE task.position = ?";

  /// What was accepted: queued, fence and attempt 1, one event.
  private static final String INSERT =
      "INSERT INTO task (position, id, application_id, account_id, credential_id, service, endpoint,"
          + " type, trace_id, created_at, started_at, changed_at, finish_by, price, from_instance,"
          + " callback_url, request, start_by, keep_for, idempotency_key, flags, state, fence, attempt,"
          + " next_sequence, progress)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 2, 1, 1, 2, 0)"
          + " ON CONFLICT (id) DO NOTHING";

  private TaskRows() {}

  /// False when a task with this id is there already.
  static boolean insert(Session session, long position, Order order, long fromInstance)
      throws SQLException {
    Sql insert =
        session
            .sql(INSERT)
            .put(position)
            .put(order.id().value())
            .put(order.owner().application().value())
            .put(order.owner().account().value())
            .put(order.owner().credential().value())
            .put(order.service())
            .put(order.endpoint())
            .put(order.type())
            .put(order.traceId())
            .put(order.createdAt())
            .put(order.createdAt())
            .put(order.createdAt())
            .put(order.finishBy())
            .put(order.price().micros())
            .put(fromInstance);
    insert.putText(order.callbackUrl().map(CallbackUrl::value)).put(order.request());
    Terms terms = order.terms();
    insert
        .putTime(terms.startBy())
        .putNumber(terms.keepFor().map(Duration::toMillis))
        .putText(terms.key().map(IdempotencyKey::value))
        .putNumber(flags(terms));
    return insert.update() > 0;
  }

  private static Optional<Long> flags(Terms terms) {
    long flags =
        (terms.tellsProgress() ? TELLS_PROGRESS : 0)
            | (terms.mayBeRepeated() ? MAY_BE_REPEATED : 0);
    return flags == 0 ? Optional.empty() : Optional.of(flags);
  }

  static Optional<Task> byId(Session session, TaskId id) throws SQLException {
    return session.sql(BY_ID).put(id.value()).one(TaskRows::read);
  }

  static Optional<Claim> claimAt(Session session, long position) throws SQLException {
    return session
        .sql(CLAIM_AT)
        .put(position)
        .one(row -> new Claim(read(row), row.number(), row.integer(), upstreamRef(row)));
  }

  /// An empty text is none: a reference that was cleared.
  private static Optional<String> upstreamRef(Row row) throws SQLException {
    return row.maybeText().filter(ref -> !ref.isEmpty());
  }

  /// The start of a query for whole tasks by an index.
  static String selectBy(String index) {
    return "SELECT " + COLUMNS + " FROM task INDEXED BY " + index + WITH_ANSWER;
  }

  static Task read(Row row) throws SQLException {
    var id = new TaskId(row.uuid());
    var owner =
        new Owner(
            new AccountId(row.uuid()), new ApplicationId(row.uuid()), new CredentialId(row.uuid()));
    String service = row.text();
    String endpoint = row.text();
    String type = row.text();
    String traceId = row.text();
    Instant createdAt = row.time();
    Instant finishBy = row.time();
    var price = new Money(row.number());
    Optional<CallbackUrl> callbackUrl = row.maybeText().map(CallbackUrl::new);
    String request = row.text();
    Terms terms = terms(row);
    Optional<CancelAnswer> cancellation = cancellation(row);
    var order =
        new Order(
            id,
            owner,
            service,
            endpoint,
            type,
            traceId,
            createdAt,
            request,
            callbackUrl,
            price,
            finishBy,
            terms);
    StateColumns columns = StateColumns.read(row);
    TaskState state = columns.state();
    int reached = state.isFinal() ? columns.progress() : 0;
    return new Task(order, state, StateColumns.settlement(state), cancellation, reached);
  }

  private static Terms terms(Row row) throws SQLException {
    Optional<Instant> startBy = row.maybeTime();
    Optional<Duration> keepFor = row.maybeNumber().map(Duration::ofMillis);
    Optional<IdempotencyKey> key = row.maybeText().map(IdempotencyKey::new);
    long flags = row.maybeNumber().orElse(0L);
    return new Terms(
        startBy, keepFor, key, (flags & TELLS_PROGRESS) != 0, (flags & MAY_BE_REPEATED) != 0);
  }

  static Optional<CancelAnswer> cancellation(Row row) throws SQLException {
    return row.maybeNumber().map(code -> StateColumns.cancelAnswer(code.intValue()));
  }

  /// An order with its times as the file keeps them.
  static Order millis(Order order) {
    Instant createdAt = StateColumns.millis(order.createdAt());
    Instant finishBy = StateColumns.millis(order.finishBy());
    Optional<Instant> startBy = order.terms().startBy().map(StateColumns::millis);
    if (createdAt.equals(order.createdAt())
        && finishBy.equals(order.finishBy())
        && startBy.equals(order.terms().startBy())) {
      return order;
    }
    return new Order(
        order.id(),
        order.owner(),
        order.service(),
        order.endpoint(),
        order.type(),
        order.traceId(),
        createdAt,
        order.request(),
        order.callbackUrl(),
        order.price(),
        finishBy,
        new Terms(
            startBy,
            order.terms().keepFor(),
            order.terms().key(),
            order.terms().tellsProgress(),
            order.terms().mayBeRepeated()));
  }

  /// About how many bytes a task takes in memory.
  static int weight(Task task) {
    int answer =
        switch (task.state()) {
          case Succeeded(_, _, var given) -> given.json().length();
          case TaskState.Finalizing(_, var given) -> given.json().length();
          default -> 0;
        };
    return 600 + task.order().request().length() + answer;
  }
}
