package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Order.Terms;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.Task.Settlement;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.TaskState.Ended;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// An open task whose row a batch has locked: what may change of it, changed in memory and written
/// once. Of one writer's thread.
public final class LockedTask {
  private static final String LOCK =
      "SELECT id, application_id, fence, next_sequence, progress, from_instance, keep_for,"
          + " cancellation, upstream_ref, CASE WHEN flags & 1 <> 0 THEN callback_url END, state,"
          + " progress, started_at, changed_at, error_code, error_message, response, charged FROM task"
          + " JOIN unnest(?::uuid[], ?::uuid[]) AS v(task_id, of_id)"
          + " ON id = v.task_id AND application_id = v.of_id"
          + " WHERE state < 10 ORDER BY id FOR UPDATE OF task";
  private static final String WRITE =
      "UPDATE task SET fence = v.fence, next_sequence = v.next_sequence, progress = v.progress,"
          + " keep_for = v.keep_for, cancellation = v.cancellation, upstream_ref = v.upstream_ref,"
          + " state = v.state, started_at = v.started_at, changed_at = v.changed_at,"
          + " error_code = v.error_code, error_message = v.error_message, response = v.response,"
          + " charged = v.charged"
          + " FROM unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],"
          + " ?::bigint[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[],"
          + " ?::text[], ?::bigint[]) AS v(id, application_id, fence, next_sequence, progress, keep_for,"
          + " cancellation, upstream_ref, state, started_at, changed_at, error_code, error_message,"
          + " response, charged) WHERE task.id = v.id AND task.application_id = v.application_id";

  private final TaskId id;
  private final ApplicationId application;
  private final long fromInstance;
  private long fence;
  private int nextSequence;
  private int progress;
  private Optional<Duration> keepFor;
  private Optional<CancelAnswer> cancellation;
  private Optional<String> upstreamRef;
  private final Optional<CallbackUrl> hearsSteps;
  private StateColumns state;
  private boolean changed;

  private LockedTask(TaskId id, ApplicationId application, long fence, Row row)
      throws SQLException {
    this.id = id;
    this.application = application;
    this.fence = fence;
    this.nextSequence = row.integer();
    this.progress = row.integer();
    this.fromInstance = row.number();
    this.keepFor = row.maybeNumber().map(Duration::ofMillis);
    this.cancellation = TaskRows.cancellation(row);
    this.upstreamRef = row.maybeText().filter(ref -> !ref.isEmpty());
    this.hearsSteps = row.maybeText().map(CallbackUrl::new);
    this.state = StateColumns.read(row);
  }

  /// Locks those that are open with the session's next message.
  static void lock(Session session, Map<TaskId, ApplicationId> tasks, Consumer<LockedTask> each) {
    List<Map.Entry<TaskId, ApplicationId>> keys = List.copyOf(tasks.entrySet());
    session
        .sql(LOCK)
        .ids(keys, key -> key.getKey().value())
        .ids(keys, key -> key.getValue().value())
        .later(
            row ->
                new LockedTask(
                    new TaskId(row.uuid()), new ApplicationId(row.uuid()), row.number(), row),
            each);
  }

  static void write(Session session, Collection<LockedTask> locked) throws SQLException {
    List<LockedTask> rows = locked.stream().filter(task -> task.changed).toList();
    if (rows.isEmpty()) {
      return;
    }
    session
        .sql(WRITE)
        .ids(rows, row -> row.id.value())
        .ids(rows, row -> row.application.value())
        .numbers(rows, row -> row.fence)
        .numbers(rows, row -> row.nextSequence)
        .numbers(rows, row -> row.progress)
        .maybeNumbers(rows, row -> row.keepFor.map(Duration::toMillis))
        .maybeNumbers(rows, row -> row.cancellation.map(StateColumns::code).map(Integer::longValue))
        .maybeTexts(rows, row -> row.upstreamRef)
        .numbers(rows, row -> row.state.code())
        .times(rows, row -> row.state.startedAt())
        .times(rows, row -> row.state.changedAt())
        .maybeTexts(rows, row -> row.state.reason().map(reason -> reason.code().wire()))
        .maybeTexts(rows, row -> row.state.reason().map(Reason::message))
        .maybeTexts(rows, row -> row.state.response())
        .maybeNumbers(rows, row -> row.state.charged())
        .later();
  }

  public TaskId id() {
    return id;
  }

  public ApplicationId application() {
    return application;
  }

  public long fence() {
    return fence;
  }

  int progress() {
    return progress;
  }

  long fromInstance() {
    return fromInstance;
  }

  Optional<Duration> keepFor() {
    return keepFor;
  }

  Instant changedAt() {
    return state.changedAt();
  }

  /// The callback URL, where it hears of each step.
  Optional<CallbackUrl> hearsSteps() {
    return hearsSteps;
  }

  /// Whether it has not ended.
  public boolean isOpen() {
    return state.code() < StateColumns.ENDED;
  }

  /// Where it stands.
  public TaskState state() {
    return state.state();
  }

  /// Puts it into another open state.
  public void become(TaskState open, Order order) {
    state = StateColumns.of(open, order.createdAt());
    progress = state.progress() == 0 ? progress : state.progress();
    changed = true;
  }

  /// Shows that it runs.
  public void runs(TaskState.Running running) {
    // When it came into a state is told of others only; that of a running one stays the acceptance.
    state =
        new StateColumns(
            StateColumns.RUNNING,
            running.progress(),
            running.startedAt(),
            state.changedAt(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    progress = running.progress();
    changed = true;
  }

  /// @param reached how far it was
  void end(Ended ended, Order order, int reached) {
    state = StateColumns.of(ended, order.createdAt()).costingOf(order.price());
    progress = reached;
    changed = true;
  }

  /// Makes the claim of whoever works on it stale.
  public void newFence() {
    fence++;
    changed = true;
  }

  int takeSequence() {
    changed = true;
    return nextSequence++;
  }

  /// Where it stands at a provider, or may.
  public Optional<String> upstreamRef() {
    return upstreamRef;
  }

  /// Notes the provider's job id; an empty text is none.
  public void noteUpstream(String ref) {
    upstreamRef = Optional.of(ref).filter(text -> !text.isEmpty());
    changed = true;
  }

  public void note(CancelAnswer answer) {
    cancellation = Optional.of(answer);
    changed = true;
  }

  public void keepFor(Duration span) {
    keepFor = Optional.of(span);
    changed = true;
  }

  /// The task with what was noted on it.
  public Task task(Order order, TaskState shown) {
    Settlement settlement = StateColumns.settlement(shown);
    int reached = shown.isFinal() ? progress : 0;
    return new Task(noted(order), shown, settlement, cancellation, reached);
  }

  private Order noted(Order order) {
    Terms terms = order.terms();
    return keepFor.equals(terms.keepFor()) ? order : order.on(terms.keptFor(keepFor));
  }
}
