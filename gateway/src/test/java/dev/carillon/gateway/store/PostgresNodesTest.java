package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Fingerprint;
import dev.carillon.gateway.domain.IdempotencyKey;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.TaskStore.Accepted;
import dev.carillon.gateway.store.TaskStore.Late;
import dev.carillon.gateway.store.TaskStore.Room;
import dev.carillon.gateway.store.postgres.PostgresBench;
import dev.carillon.gateway.store.postgres.PostgresStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two nodes on one database: either answers anything, and what a dead one left is taken over.
final class PostgresNodesTest extends StoreLaws {
  @SuppressWarnings("NullAway.Init") // set before each test
  private Store other;

  @Override
  Store open(Path folder, InstantSource clock, Ids ids) {
    return PostgresBench.open(folder, clock, ids);
  }

  @BeforeEach
  void open_another_node() {
    other = open(place(), clock, ids);
  }

  @AfterEach
  void close_and_drop() {
    other.close();
    close_all();
    PostgresBench.clean(folder);
  }

  private List<Claim> claimOn(Store node, int max) {
    try {
      return node.tasks().claim(max, NO_WAIT);
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  /// What the other node takes over, in the order it does.
  private List<Claim> takenOver(int count) {
    var claims = new ArrayList<Claim>();
    eventually(() -> {
      claims.addAll(claimOn(other, 10));
      return claims.size() >= count;
    });
    return claims;
  }

  @Test
  void a_task_is_read_and_listed_on_another_node() {
    Task task = accept(order("1"));

    assertThat(other.tasks().find(task.id())).contains(task);
    assertThat(other.tasks().list(TaskStore.TaskQuery.newest(app, 5))).containsExactly(task);
    assertThat(other.tasks().openTasks(app)).isEqualTo(1);
    assertThat(claimOn(other, 5)).isEmpty();
  }

  @Test
  void the_end_of_a_task_rings_on_another_node() {
    Task task = accept(order("0"));
    Claim claim = claimOne();
    var heard = new CopyOnWriteArrayList<Task>();

    try (var _ = other.bell().listen(task.id(), heard::add)) {
      Task ended = store.tasks().settle(claim, success()).orElseThrow();
      eventually(() -> heard.contains(ended));
    }
  }

  @Test
  void progress_rings_on_another_node_once_it_is_durable() {
    Task task = accept(order("0"));
    Claim claim = claimOne();
    var running = new TaskState.Running(clock.instant(), 40);
    var heard = new CopyOnWriteArrayList<Task>();

    try (var _ = other.bell().listen(task.id(), heard::add)) {
      store.tasks().noteRunning(claim, running);
      eventually(() -> heard.contains(task.in(running)));
    }
  }

  @Test
  void a_feed_that_grows_rings_on_another_node() {
    accept(order("0"));
    Claim claim = claimOne();
    var heard = new CopyOnWriteArrayList<String>();

    try (var _ = other.bell().listenToFeed(app, () -> heard.add("grown"))) {
      store.tasks().settle(claim, success());
      eventually(() -> !heard.isEmpty());
    }
  }

  @Test
  void a_node_that_cannot_hear_finds_out_by_looking() {
    other.close();
    other =
        PostgresStore.open(
            PostgresBench.config(PostgresBench.database(place())).withListen(false), clock, ids);
    Task task = accept(order("0"));
    Claim claim = claimOne();
    var heard = new CopyOnWriteArrayList<Task>();

    try (var _ = other.bell().listen(task.id(), heard::add)) {
      Task ended = store.tasks().settle(claim, success()).orElseThrow();
      eventually(() -> heard.contains(ended));
    }
  }

  @Test
  void what_a_dead_node_left_is_taken_over_with_a_greater_fence() {
    var accepted = new ArrayList<TaskId>();
    for (int i = 0; i < 3; i++) {
      accepted.add(accept(order("1")).id());
    }
    Claim before = claimOne();
    store.tasks().noteUpstream(before, "job-7");

    PostgresBench.crash(store);
    List<Claim> after = takenOver(3);

    assertThat(after).extracting(claim -> claim.task().id()).isEqualTo(accepted);
    assertThat(after.getFirst().upstreamRef()).contains("job-7");
    assertThat(after).allMatch(claim -> claim.fence() == 2 && claim.attempt() == 2);
    assertThat(other.tasks().settle(after.getFirst(), success())).isPresent();
    assertThat(other.access().held()).isEqualTo(Money.ofCredits("2"));
  }

  @Test
  void a_node_that_was_thought_dead_changes_nothing_any_more() {
    Task task = accept(order("1"));
    Claim stale = claimOne();

    PostgresBench.expire((PostgresStore) store);
    Claim current = takenOver(1).getFirst();

    assertThat(store.tasks().noteUpstream(stale, "job")).isFalse();
    assertThat(store.tasks().settle(stale, failure())).isEmpty();
    store.tasks().noteRunning(stale, new TaskState.Running(clock.instant(), 50));
    assertThat(store.tasks().noteCancellation(stale, CancelAnswer.REFUSED)).isEmpty();
    assertThat(row(task.id()).state()).isEqualTo(new TaskState.Queued());
    assertThat(other.tasks().settle(current, success())).isPresent();
    assertThat(other.tasks().events(task.id(), 0, 10))
        .extracting(Event::type)
        .containsExactly(EventType.TASK_ACCEPTED, EventType.TASK_SUCCEEDED);
  }

  @Test
  void a_node_that_closes_leaves_its_tasks_to_the_others_at_once() {
    Task task = accept(order("1"));

    store.close();

    assertThat(takenOver(1)).extracting(claim -> claim.task().id()).containsExactly(task.id());
  }

  @Test
  void two_nodes_take_over_each_task_once() throws Exception {
    for (int i = 0; i < 40; i++) {
      accept(order("0"));
    }
    PostgresBench.crash(store);
    Store third = open(place(), clock, ids);
    var taken = new ConcurrentLinkedQueue<TaskId>();
    try (third;
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Store node : List.of(other, third)) {
        threads.execute(() ->
            eventually(() -> {
              claimOn(node, 3).forEach(claim -> taken.add(claim.task().id()));
              return taken.size() >= 40;
            }));
      }
    }

    assertThat(taken).hasSize(40).doesNotHaveDuplicates();
  }

  private Claim late() {
    accept(order("3"));
    Claim claim = claimOne();
    var expired = new TaskState.Expired(Optional.of(START), clock.instant(), Reason.TOO_LATE);
    assertThat(store.tasks().expire(claim, expired)).isPresent();
    return claim;
  }

  @Test
  void a_late_wait_stays_with_its_node_while_that_lives_and_is_taken_over_once_when_it_died()
      throws Exception {
    Claim before = late();
    assertThat(other.tasks().claimLate(10)).isEmpty();

    PostgresBench.expire((PostgresStore) store);
    var taken = new ConcurrentLinkedQueue<Claim>();
    try (Store third = open(place(), clock, ids);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var claims = new ArrayList<Callable<Boolean>>();
      for (int i = 0; i < 4; i++) {
        claims.add(() -> taken.addAll(other.tasks().claimLate(10)));
        claims.add(() -> taken.addAll(third.tasks().claimLate(10)));
      }
      for (Future<Boolean> claimed : threads.invokeAll(claims)) {
        claimed.get();
      }
    }

    assertThat(taken).hasSize(1);
    Claim now = taken.remove();
    assertThat(now.fence()).isGreaterThan(before.fence());
    store.tasks().endWait(before);
    assertThat(store.tasks().settleLate(before, success())).isEqualTo(new Late.Stale());
    assertThat(store.tasks().noteUpstream(before, "job")).isFalse();
    assertThat(other.tasks().noteUpstream(now, "job")).isTrue();
    assertThat(other.tasks().settleLate(now, success())).isInstanceOf(Late.Settled.class);
    assertThat(balance()).isEqualTo(Money.ofCredits("7"));
  }

  @Test
  void a_late_success_is_read_on_another_node_that_knew_the_task_as_expired() {
    Claim claim = late();
    assertThat(other.tasks().find(claim.task().id()).orElseThrow().state())
        .isInstanceOf(TaskState.Expired.class);

    store.tasks().settleLate(claim, success());

    assertThat(other.tasks().find(claim.task().id()).orElseThrow().state())
        .isInstanceOf(TaskState.Succeeded.class);
  }

  @Test
  void cancelling_on_one_node_reaches_the_node_that_works_on_it() {
    Task task = accept(order("3"));
    Claim claim = claimOne();
    var heard = new CopyOnWriteArrayList<Task>();

    try (var _ = store.bell().listenToAll(heard::add)) {
      Task cancelled = other.tasks().cancel(task.id(), app, clock.instant()).orElseThrow();
      eventually(() -> heard.contains(cancelled));
    }
    assertThat(store.tasks().settle(claim, success())).isEmpty();
    assertThat(other.access().held()).isEqualTo(Money.ZERO);
  }

  @Test
  void a_wish_to_cancel_reaches_the_node_that_works_on_it() {
    Task task = accept(order("3"));
    Claim claim = claimOne();
    store.tasks().noteRunning(claim, new TaskState.Running(clock.instant(), 1));
    eventually(
        () -> other.tasks().find(task.id()).orElseThrow().state() instanceof TaskState.Running);
    var heard = new CopyOnWriteArrayList<Task>();

    try (var _ = store.bell().listenToAll(heard::add)) {
      other.tasks().requestCancel(task.id(), app, clock.instant());
      eventually(() ->
          heard.stream()
              .anyMatch(told -> told.cancellation().equals(Optional.of(CancelAnswer.PENDING))));
    }
    assertThat(store.tasks().settle(claim, success())).isPresent();
  }

  @Test
  void of_many_on_two_nodes_with_one_key_one_becomes_a_task() throws Exception {
    var key = new IdempotencyKey("same");
    var terms = new Order.Terms(Optional.empty(), Optional.empty(), Optional.of(key));

    List<Accepted> answers =
        onBoth(20, node -> node.tasks().accept(order("1").on(terms), Fingerprint.of("body")));

    assertThat(answers.stream().map(PostgresNodesTest::task).distinct()).hasSize(1);
    assertThat(answers).filteredOn(Accepted.Taken.class::isInstance).hasSize(1);
    assertThat(store.access().held()).isEqualTo(Money.ofCredits("1"));
  }

  private static TaskId task(Accepted accepted) {
    return switch (accepted) {
      case Accepted.Taken(var task) -> task.id();
      case Accepted.Replayed(var task) -> task.id();
      default -> throw new AssertionError(accepted);
    };
  }

  @Test
  void two_nodes_spend_no_more_than_there_is() throws Exception {
    var own = new ApplicationId(ids.next());
    store.access().createApplication(application(own, "7", false));

    List<Accepted> answers =
        onBoth(
            20,
            node ->
                node.tasks().accept(order(own, "midjourney", "imagine", "1", Optional.empty())));

    assertThat(answers).filteredOn(Accepted.Taken.class::isInstance).hasSize(7);
    assertThat(answers).filteredOn(Accepted.UsedUp.class::isInstance).hasSize(33);
    assertThat(store.access().held()).isEqualTo(Money.ofCredits("7"));
  }

  @Test
  void two_nodes_share_a_limit_out_between_them() {
    eventually(() -> store.limits().portion(10) == 5 && other.limits().portion(10) == 5);

    assertThat(store.limits().portion(7) + other.limits().portion(7)).isEqualTo(7);
    assertThat(store.limits().portion(1)).isEqualTo(1);

    other.close();

    eventually(() -> store.limits().portion(10) == 10);
  }

  @Test
  void two_nodes_open_no_more_than_there_is_room_for() throws Exception {
    var room = new Room(100, 5);

    List<Accepted> answers =
        onBoth(10, node -> node.tasks().accept(order("0"), Optional.empty(), room));

    assertThat(answers).filteredOn(Accepted.Taken.class::isInstance).hasSize(5);
    assertThat(answers).filteredOn(new Accepted.NoRoom(true)::equals).hasSize(15);
    assertThat(other.tasks().openTasks(app, "midjourney")).isEqualTo(5);
  }

  @Test
  void places_in_a_feed_are_given_once_over_both_nodes() throws Exception {
    List<Accepted> answers = onBoth(25, node -> node.tasks().accept(order("0")));

    var positions = new ArrayList<Long>();
    answers.forEach(accepted ->
        positions.add(store.tasks().events(task(accepted), 0, 1).getFirst().position()));
    assertThat(positions).hasSize(50).doesNotHaveDuplicates();
  }

  /// Runs something so often on each node, all at once.
  private List<Accepted> onBoth(int times, Call call) throws Exception {
    var calls = new ArrayList<Callable<Accepted>>();
    for (int i = 0; i < times; i++) {
      calls.add(() -> call.on(store));
      calls.add(() -> call.on(other));
    }
    var answers = new ArrayList<Accepted>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Accepted> answer : threads.invokeAll(calls)) {
        answers.add(answer.get());
      }
    }
    return answers;
  }

  private interface Call {
    Accepted on(Store node);
  }
}
