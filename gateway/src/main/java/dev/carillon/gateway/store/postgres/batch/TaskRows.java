package dev.carillon.gateway.store.postgres.batch;

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
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import dev.carillon.gateway.store.postgres.sql.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How tasks stand in their table.
public final class TaskRows {
  static final long TELLS_PROGRESS = 1;
  private static final long MAY_BE_REPEATED = 2;

  /// The columns that [#read] reads.
  public static final String COLUMNS =
      "task.id, task.account_id, task.application_id, task.credential_id, task.service,"
          + " task.endpoint, task.type, task.trace_id, task.created_at, task.finish_by, task.price,"
          + " task.callback_url, task.request, task.start_by, task.keep_for, task.idempotency_key,"
          + " task.flags, task.cancellation, task.state, task.progress, task.started_at,"
          + " task.changed_at, task.error_code, task.error_message, task.response, task.charged";

  private static final String BY_ID = "SELECT " + COLUMNS + " FROM task WHERE id = ?";
  private static final String BY_IDS = "SELECT " + COLUMNS + " FROM task WHERE id = ANY(?)";

  /// What was accepted: queued, fence and attempt 1, one event.
  private static final String INSERT =
      "INSERT INTO task (id, application_id, account_id, credential_id, position, created_at,"
          + " started_at, changed_at, finish_by, start_by, keep_for, price, from_instance, service,"
          + " endpoint, type, trace_id, idempotency_key, callback_url, request, flags, state, fence,"
          + " attempt, next_sequence, progress)"
          + " SELECT id, application_id, account_id, credential_id, position, created_at, created_at,"
          + " created_at, finish_by, start_by, keep_for, price, from_instance, service, endpoint, type,"
          + " trace_id, key, callback_url, request, flags, 2, 1, 1, 2, 0"
          + " FROM unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::uuid[], ?::bigint[], ?::bigint[],"
          + " ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[],"
          + " ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::smallint[])"
          + " AS v(id, application_id, account_id, credential_id, position, created_at, finish_by,"
          + " start_by, keep_for, price, from_instance, service, endpoint, type, trace_id, key,"
          + " callback_url, request, flags)";

  private static final String INSERT_NEW = INSERT + " ON CONFLICT DO NOTHING RETURNING id";

  private TaskRows() {}

  /// An order that is being taken in.
  ///
  /// @param fromInstance what the application's own balance pays
  record New(Order order, long position, long fromInstance) {}

  /// Inserts with the session's next message, which fails when one is there already.
  static void insert(Session session, List<New> rows) {
    fill(session.sql(INSERT), rows).later();
  }

  /// The ids of those that were not there already.
  static Set<TaskId> insertNew(Session session, List<New> rows) throws SQLException {
    return new HashSet<>(fill(session.sql(INSERT_NEW), rows).all(row -> new TaskId(row.uuid())));
  }

  private static Sql fill(Sql insert, List<New> rows) {
    return insert
        .ids(rows, row -> row.order.id().value())
        .ids(rows, row -> row.order.owner().application().value())
        .ids(rows, row -> row.order.owner().account().value())
        .ids(rows, row -> row.order.owner().credential().value())
        .numbers(rows, New::position)
        .times(rows, row -> row.order.createdAt())
        .times(rows, row -> row.order.finishBy())
        .maybeNumbers(rows, row -> row.order.terms().startBy().map(Instant::toEpochMilli))
        .maybeNumbers(rows, row -> row.order.terms().keepFor().map(Duration::toMillis))
        .numbers(rows, row -> row.order.price().micros())
        .numbers(rows, New::fromInstance)
        .texts(rows, row -> row.order.service())
        .texts(rows, row -> row.order.endpoint())
        .texts(rows, row -> row.order.type())
        .texts(rows, row -> row.order.traceId())
        .maybeTexts(rows, row -> row.order.terms().key().map(IdempotencyKey::value))
        .maybeTexts(rows, row -> row.order.callbackUrl().map(CallbackUrl::value))
        .texts(rows, row -> row.order.request())
        .maybeNumbers(rows, row -> flags(row.order.terms()));
  }

  private static Optional<Long> flags(Terms terms) {
    long flags =
        (terms.tellsProgress() ? TELLS_PROGRESS : 0)
            | (terms.mayBeRepeated() ? MAY_BE_REPEATED : 0);
    return flags == 0 ? Optional.empty() : Optional.of(flags);
  }

  public static Optional<Task> byId(Session session, TaskId id) throws SQLException {
    return session.sql(BY_ID).put(id.value()).one(TaskRows::read);
  }

  /// Those that are there, in no order.
  public static List<Task> byIds(Session session, Collection<TaskId> ids) throws SQLException {
    return session.sql(BY_IDS).putIds(ids.stream().map(TaskId::value).toList()).all(TaskRows::read);
  }

  /// Reads [#COLUMNS].
  public static Task read(Row row) throws SQLException {
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

  /// Reads [#COLUMNS]` , fence, attempt, upstream_ref`.
  public static Claim readClaim(Row row) throws SQLException {
    return new Claim(read(row), row.number(), row.integer(), row.maybeText());
  }

  static Optional<CancelAnswer> cancellation(Row row) throws SQLException {
    return row.maybeNumber().map(code -> StateColumns.cancelAnswer(code.intValue()));
  }

  /// An order with its times as the database keeps them.
  public static Order millis(Order order) {
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
  public static int weight(Task task) {
    int answer =
        switch (task.state()) {
          case Succeeded(_, _, var given) -> given.json().length();
          case TaskState.Finalizing(_, var given) -> given.json().length();
          default -> 0;
        };
    return 600 + task.order().request().length() + answer;
  }
}
