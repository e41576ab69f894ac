package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Lifecycle;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.Task.Settlement;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.store.StoreHistoryLaws.Move;
import dev.carillon.gateway.store.TaskStore.Accepted;
import dev.carillon.gateway.store.TaskStore.Late;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/// One history played on a store, by an application of its own, and what is known of each task
/// meanwhile. Where a crash leaves open what happened, either is taken, as long as the store stays
/// with it.
final class TaskHistory {
  private static final Money CREDIT = Money.ofCredits("1000");
  private static final Money PRICE = Money.ofCredits("1");

  private final StoreLaws laws;
  private final ApplicationId app;
  private final Map<TaskId, TaskLife> lives = new LinkedHashMap<>();
  private final List<Claim> claims = new ArrayList<>();
  private Money charged = Money.ZERO;

  TaskHistory(StoreLaws laws) {
    this.laws = laws;
    this.app = new ApplicationId(laws.ids.next());
    laws.store.access().createApplication(laws.application(app, CREDIT.toString(), false));
  }

  /// Plays one step and looks at the task it was done to, and at the balance.
  void play(Move move) {
    switch (move.verb()) {
      case ACCEPT -> accept(move.pick());
      case ACCEPT_AGAIN ->
          some(move)
              .ifPresent(life -> {
                if (!life.removed) {
                  assertThat(tasks().accept(life.order)).isInstanceOf(Accepted.Taken.class);
                }
              });
      case CLAIM -> claim(1 + move.pick() % 3);
      case RUN -> claimed(move).ifPresent(this::run);
      case NOTE_JOB -> claimed(move).ifPresent(claim -> noteJob(claim, "job-" + move.pick()));
      case SUCCEED -> claimed(move).ifPresent(claim -> settle(claim, success(claim), false));
      case FAIL -> claimed(move).ifPresent(claim -> settle(claim, laws.failure(), false));
      case PARK ->
          claimed(move)
              .ifPresent(claim -> settle(claim, new TaskState.Indeterminate(now(), now()), false));
      case FINALIZE -> claimed(move).ifPresent(this::finish);
      case EXPIRE -> claimed(move).ifPresent(claim -> settle(claim, expired(), true));
      case LATE -> claimed(move).ifPresent(this::late);
      case END_WAIT -> claimed(move).ifPresent(claim -> tasks().endWait(claim));
      case CANCEL -> some(move).ifPresent(life -> cancel(life, false));
      case ASK_TO_CANCEL -> some(move).ifPresent(life -> cancel(life, true));
      case TELL_OF_CANCEL -> claimed(move).ifPresent(this::tellOfCancel);
      case REMOVE -> some(move).ifPresent(this::remove);
      case DELIVER -> deliver();
      case PASS_TIME -> laws.clock.move(Duration.ofSeconds(move.pick() % 90));
      case CRASH -> die(laws::crash);
      case REOPEN -> die(laws::reopen);
    }
    balance();
  }

  private TaskStore tasks() {
    return laws.store.tasks();
  }

  private Instant now() {
    return laws.clock.instant();
  }

  private Optional<TaskLife> some(Move move) {
    var all = List.copyOf(lives.values());
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(move.pick() % all.size()));
  }

  /// A claim of this life or an earlier one.
  private Optional<Claim> claimed(Move move) {
    return claims.isEmpty()
        ? Optional.empty()
        : Optional.of(claims.get(move.pick() % claims.size()));
  }

  private TaskLife life(Claim claim) {
    return life(claim.task().id());
  }

  private TaskLife life(TaskId id) {
    return Objects.requireNonNull(lives.get(id));
  }

  private void accept(int pick) {
    Optional<CallbackUrl> url =
        pick % 2 == 0
            ? Optional.of(new CallbackUrl("https://caller.example/hook"))
            : Optional.empty();
    Order order = laws.order(app, "midjourney", "imagine", PRICE.toString(), url);
    assertThat(tasks().accept(order)).isInstanceOf(Accepted.Taken.class);
    lives.put(order.id(), new TaskLife(order));
    look(order.id());
  }

  private void claim(int max) {
    for (Claim claim : laws.claim(max)) {
      TaskLife life = lives.get(claim.task().id());
      if (life != null) {
        assertThat(state(life).isFinal()).as("an ended task is handed out").isFalse();
        life.newest.ifPresent(before -> {
          assertThat(life.lapsed).as("handed out twice in one life").isTrue();
          assertThat(claim.fence()).isGreaterThan(before.fence());
          assertThat(claim.attempt()).isGreaterThan(before.attempt());
        });
        assertThat(claim.upstreamRef()).isEqualTo(life.job);
        life.newest = Optional.of(claim);
        life.lapsed = false;
        claims.add(claim);
      }
    }
  }

  /// Whether a write under this claim has to take effect.
  private boolean isGood(Claim claim) {
    TaskLife life = life(claim);
    return !life.removed
        && !life.lapsed
        && life.newest.filter(newest -> newest.fence() == claim.fence()).isPresent()
        && !state(life).isFinal();
  }

  /// Whether a write under this claim may not take effect.
  private boolean isStale(Claim claim) {
    TaskLife life = life(claim);
    return life.removed
        || life.newest.filter(newest -> newest.fence() > claim.fence()).isPresent()
        || state(life).isFinal();
  }

  private TaskState state(TaskLife life) {
    return laws.row(life.order.id()).state();
  }

  private void run(Claim claim) {
    boolean good = isGood(claim);
    boolean stale = isStale(claim);
    boolean parked = !stale && !(state(life(claim)) instanceof TaskState.Queued);
    Optional<Task> before = find(claim);
    tasks().noteRunning(claim, new TaskState.Running(now(), 5));
    if (stale) {
      assertSame(before, find(claim));
    } else if (good && !parked) {
      assertThat(laws.row(claim.task().id()).state()).isInstanceOf(TaskState.Running.class);
    }
  }

  private void noteJob(Claim claim, String job) {
    // A late result is waited for by its job, so an expired task's may still be noted.
    boolean awaited = find(claim).filter(task -> isExpired(task.state())).isPresent();
    boolean good = isGood(claim);
    boolean stale = isStale(claim) && !awaited;
    boolean noted = tasks().noteUpstream(claim, job);
    assertThat(noted ? stale : good).as("a job noted: %s", noted).isFalse();
    if (noted) {
      life(claim).job = Optional.of(job);
    }
  }

  private static boolean isExpired(TaskState state) {
    return state instanceof TaskState.Expired;
  }

  private TaskState success(Claim claim) {
    Instant start = Lifecycle.startedAt(claim.task().state()).orElse(now());
    return new TaskState.Succeeded(start, now(), StoreLaws.ANSWER);
  }

  private TaskState.Expired expired() {
    return new TaskState.Expired(Optional.of(now()), now(), Reason.TOO_LATE);
  }

  private void finish(Claim claim) {
    if (!isStale(claim)) {
      TaskState state = state(life(claim));
      settle(claim, Lifecycle.finalizing(state, StoreLaws.ANSWER, now()), false);
    }
  }

  private void settle(Claim claim, TaskState next, boolean awaited) {
    boolean good = isGood(claim);
    boolean stale = isStale(claim);
    Optional<Task> before = find(claim);
    Optional<Task> after =
        awaited ? tasks().expire(claim, (TaskState.Expired) next) : tasks().settle(claim, next);
    if (after.isPresent()) {
      assertThat(stale).as("a stale claim settled").isFalse();
      assertThat(laws.row(claim.task().id()).state().word()).isEqualTo(next.word());
      if (next instanceof TaskState.Succeeded) {
        charged = charged.plus(PRICE);
      }
    } else {
      assertThat(good).as("a good claim did not settle").isFalse();
      assertSame(before, find(claim));
    }
    look(claim.task().id());
  }

  private void late(Claim claim) {
    Optional<Task> before = find(claim);
    var result = new TaskState.Succeeded(now(), now(), StoreLaws.ANSWER);
    if (tasks().settleLate(claim, result) instanceof Late.Settled(var task)) {
      assertThat(before.orElseThrow().state()).isInstanceOf(TaskState.Expired.class);
      assertThat(task.state()).isInstanceOf(TaskState.Succeeded.class);
      charged = charged.plus(PRICE);
    } else {
      assertSame(before, find(claim));
    }
    look(claim.task().id());
  }

  private void cancel(TaskLife life, boolean ask) {
    Optional<Task> before = tasks().find(life.order.id());
    Optional<Task> after =
        ask
            ? tasks().requestCancel(life.order.id(), app, now())
            : tasks().cancel(life.order.id(), app, now());
    assertThat(after.isPresent()).isEqualTo(before.isPresent());
    if (before.isPresent() && before.get().state().isFinal()) {
      assertThat(after.orElseThrow().state().word()).isEqualTo(before.get().state().word());
    } else if (before.isPresent() && !ask) {
      assertThat(after.orElseThrow().state()).isInstanceOf(TaskState.Cancelled.class);
    } else if (before.isPresent()) {
      Task now = after.orElseThrow();
      boolean ended = now.state() instanceof TaskState.Cancelled;
      boolean asked = now.cancellation().equals(Optional.of(CancelAnswer.PENDING));
      assertThat(ended || asked).as("%s", after).isTrue();
    }
    look(life.order.id());
  }

  private void tellOfCancel(Claim claim) {
    Optional<Task> before = find(claim);
    boolean stale = isStale(claim);
    Optional<Task> after = tasks().noteCancellation(claim, CancelAnswer.REFUSED);
    if (stale) {
      assertThat(after).isEmpty();
      assertSame(before, find(claim));
    }
  }

  private void remove(TaskLife life) {
    boolean may = !life.removed && state(life).isFinal();
    boolean removed = tasks().remove(life.order.id(), app);
    // While its callback is on its way it stays.
    assertThat(removed).isEqualTo(may && life.isTold());
    if (removed) {
      life.removed = true;
      assertThat(tasks().find(life.order.id())).isEmpty();
      assertThat(tasks().tombstone(life.order.id(), app)).isPresent();
    }
  }

  private void deliver() {
    for (Dispatch dispatch : laws.dispatches(10)) {
      TaskLife life = lives.get(dispatch.task().id());
      if (life != null) {
        assertThat(life.removed).as("a deleted task is told of").isFalse();
        assertThat(dispatch.event().type().endsTask()).isTrue();
        assertThat(life.events).extracting(Event::id).contains(dispatch.webhookId());
        life.told.add(dispatch.webhookId());
      }
      laws.store.deliveries().recordAttempt(dispatch, laws.receipt(new Next.Delivered()));
    }
  }

  private void die(Runnable death) {
    death.run();
    lives.values().forEach(life -> life.lapsed = true);
    lives.keySet().forEach(this::look);
  }

  private Optional<Task> find(Claim claim) {
    return tasks().find(claim.task().id());
  }

  private static void assertSame(Optional<Task> before, Optional<Task> after) {
    assertThat(after.map(task -> task.state().word()))
        .isEqualTo(before.map(task -> task.state().word()));
    assertThat(after.map(Task::settlement)).isEqualTo(before.map(Task::settlement));
  }

  /// Looks at a task: its events only grow, one of them ends it, and its money is where it belongs.
  private void look(TaskId id) {
    TaskLife life = life(id);
    if (life.removed) {
      assertThat(tasks().find(id)).isEmpty();
      return;
    }
    List<Event> events = tasks().events(id, 0, 1_000);
    assertThat(events.subList(0, life.events.size())).isEqualTo(life.events);
    life.events = events;
    assertThat(events).extracting(Event::sequence).isEqualTo(count(events.size()));
    Task task = laws.row(id);
    List<EventType> ends = life.ends().stream().map(Event::type).toList();
    if (!task.state().isFinal()) {
      assertThat(ends).isEmpty();
      assertThat(task.settlement()).isEqualTo(Settlement.HELD);
      return;
    }
    boolean succeeded = task.state() instanceof TaskState.Succeeded;
    assertThat(task.settlement()).isEqualTo(succeeded ? Settlement.CHARGED : Settlement.RELEASED);
    assertThat(ends.getLast().wire()).isEqualTo("task." + task.state().word());
    if (ends.size() > 1) {
      assertThat(ends).containsExactly(EventType.TASK_EXPIRED, EventType.TASK_SUCCEEDED);
    }
  }

  private static List<Integer> count(int size) {
    return IntStream.rangeClosed(1, size).boxed().toList();
  }

  private void balance() {
    long open =
        lives.values().stream().filter(life -> !life.removed && !state(life).isFinal()).count();
    Money held = Money.ofCredits(String.valueOf(open));
    Money left = laws.store.access().application(app).orElseThrow().balance();
    assertThat(left.plus(held).plus(charged)).isEqualTo(CREDIT);
    assertThat(tasks().openTasks(app)).isEqualTo((int) open);
  }

  /// Every task can still be brought to its end, and every end with a callback is told.
  void end() {
    StoreLaws.eventually(() -> {
      claim(100);
      for (TaskLife life : lives.values()) {
        life.newest
            .filter(_ -> !life.lapsed && !life.removed && !state(life).isFinal())
            .ifPresent(claim -> settle(claim, success(claim), false));
      }
      return tasks().openTasks(app) == 0;
    });
    StoreLaws.eventually(() -> {
      deliver();
      return lives.values().stream().allMatch(life -> life.removed || life.isTold());
    });
    lives.keySet().forEach(this::look);
    balance();
    abandon();
  }

  /// Ends what is open, so that the next history does not meet it.
  void abandon() {
    for (TaskLife life : lives.values()) {
      tasks().cancel(life.order.id(), app, now());
    }
    for (Dispatch dispatch : laws.dispatches(1_000)) {
      laws.store.deliveries().recordAttempt(dispatch, laws.receipt(new Next.Delivered()));
    }
  }
}
