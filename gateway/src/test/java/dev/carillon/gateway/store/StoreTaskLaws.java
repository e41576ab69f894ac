package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.Task.Settlement;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.TaskStore.TaskQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/// The laws of a task's life.
abstract class StoreTaskLaws extends StoreLaws {

  @Test
  void an_accepted_task_is_there_after_close_and_reopen() {
    Order order = orderWithCallback();
    accept(order);

    reopen();

    assertThat(row(order.id())).isEqualTo(new Task(order, new TaskState.Queued(), Settlement.HELD));
  }

  @Test
  void an_accepted_task_is_there_after_a_crash() {
    Order order = order("0.5");
    accept(order);

    crash();

    assertThat(row(order.id()).order()).isEqualTo(order);
    assertThat(store.access().held()).isEqualTo(order.price());
  }

  @Test
  void a_result_is_there_after_a_crash_and_reads_the_same() {
    accept(order("0.5"));
    Task settled = store.tasks().settle(claimOne(), success()).orElseThrow();

    crash();

    assertThat(row(settled.id())).isEqualTo(settled);
    assertThat(store.tasks().openTasks()).isZero();
    assertThat(claim(1)).isEmpty();
  }

  @Test
  void every_end_reads_the_same_from_the_file_as_from_memory() {
    Instant now = clock.instant();
    List<TaskState> ends =
        List.of(
            success(),
            failure(),
            new TaskState.Cancelled(Optional.of(now), now),
            new TaskState.Cancelled(Optional.empty(), now),
            new TaskState.Expired(Optional.of(now), now, failure().reason()),
            new TaskState.Expired(Optional.empty(), now, failure().reason()),
            new TaskState.Indeterminate(now, now.plusMillis(7)),
            new TaskState.Finalizing(now, success().answer()));
    var settled = new ArrayList<Task>();
    for (TaskState end : ends) {
      accept(order("0.1"));
      settled.add(store.tasks().settle(claimOne(), end).orElseThrow());
    }
    assertThat(settled).extracting(Task::state).isEqualTo(ends);

    crash();

    assertThat(settled).allSatisfy(task -> assertThat(row(task.id())).isEqualTo(task));
  }

  @Test
  void a_finalizing_task_gives_its_answer_to_whoever_claims_it_after_a_crash() {
    Task accepted = accept(order("0.5"));
    Instant now = clock.instant();
    var kept = new TaskState.Finalizing(now, new Answer("{\"image_url\":\"https://a.example/1\"}"));
    store.tasks().settle(claimOne(), kept);
    assertThat(store.access().held()).isEqualTo(accepted.order().price());

    crash();

    Claim again = claimOne();
    assertThat(again.task().state()).isEqualTo(kept);
    assertThat(store.access().held()).isEqualTo(accepted.order().price());
  }

  @Test
  void the_answer_of_a_finalizing_task_is_replaced_by_that_of_its_end() {
    accept(order("0.5"));
    Claim claim = claimOne();
    Instant now = clock.instant();
    store.tasks().settle(claim, new TaskState.Finalizing(now, new Answer("{\"a\":1}")));
    var end = new TaskState.Succeeded(now, now, new Answer("{\"a\":2}"));

    Task settled = store.tasks().settle(claim, end).orElseThrow();
    crash();

    assertThat(row(settled.id()).state()).isEqualTo(end);
    assertThat(store.access().held()).isEqualTo(Money.ZERO);
  }

  @Test
  void a_finalizing_task_is_cancelled_as_any_other_and_a_stale_claim_finalizes_nothing() {
    Task accepted = accept(order("0.5"));
    Claim claim = claimOne();
    Instant now = clock.instant();
    var kept = new TaskState.Finalizing(now, new Answer("{}"));
    store.tasks().settle(claim, kept);

    store.tasks().cancel(accepted.id(), accepted.order().owner().application(), now);

    assertThat(store.tasks().settle(claim, kept)).isEmpty();
    assertThat(row(accepted.id()).state()).isInstanceOf(TaskState.Cancelled.class);
  }

  @Test
  void tasks_are_claimed_once_and_in_the_order_they_were_accepted() {
    var accepted = new ArrayList<TaskId>();
    for (int i = 0; i < 5; i++) {
      accepted.add(accept(order("0")).id());
    }

    List<Claim> first = claim(3);
    List<Claim> second = claim(3);

    assertThat(first).extracting(claim -> claim.task().id()).isEqualTo(accepted.subList(0, 3));
    assertThat(second).extracting(claim -> claim.task().id()).isEqualTo(accepted.subList(3, 5));
    assertThat(first).allMatch(claim -> claim.attempt() == 1 && claim.upstreamRef().isEmpty());
    assertThat(claim(1)).isEmpty();
  }

  @Test
  void a_waiting_claim_gets_a_task_that_comes_meanwhile() throws Exception {
    var got = new CopyOnWriteArrayList<Claim>();
    var waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                got.addAll(store.tasks().claim(1, PATIENCE));
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              }
            });

    Task task = accept(order("0"));
    waiting.join();

    assertThat(got).extracting(Claim::task).containsExactly(task);
  }

  @Test
  void an_open_task_of_a_dead_process_is_claimed_again_with_a_greater_fence() {
    for (int i = 0; i < 3; i++) {
      accept(order("0"));
    }
    List<Claim> before = claim(2);
    store.tasks().noteUpstream(before.getFirst(), "job-7");

    crash();
    List<Claim> after = claim(2);
    List<Claim> rest = claim(10);

    assertThat(after).extracting(Claim::task).isEqualTo(before.stream().map(Claim::task).toList());
    assertThat(after.getFirst().upstreamRef()).contains("job-7");
    assertThat(after).allMatch(claim -> claim.attempt() == 2);
    assertThat(after.getFirst().fence()).isGreaterThan(before.getFirst().fence());
    assertThat(rest).hasSize(1);
    assertThat(store.tasks().openTasks()).isEqualTo(3);
    assertThat(store.tasks().settle(after.getFirst(), success())).isPresent();
    assertThat(store.tasks().openTasks()).isEqualTo(2);
  }

  @Test
  void a_stale_claim_changes_nothing() {
    accept(order("1"));
    Claim stale = claimOne();
    crash();
    Claim current = claimOne();

    assertThat(store.tasks().settle(stale, failure())).isEmpty();
    assertThat(store.tasks().settle(stale, new TaskState.Indeterminate(START, START))).isEmpty();
    assertThat(store.tasks().noteUpstream(stale, "job")).isFalse();
    store.tasks().noteRunning(stale, new TaskState.Running(clock.instant(), 50));

    assertThat(row(stale.task().id()).state()).isEqualTo(new TaskState.Queued());
    assertThat(store.access().held()).isEqualTo(stale.task().order().price());
    assertThat(store.tasks().settle(current, success())).isPresent();
    assertThat(store.tasks().settle(current, failure())).isEmpty();
    assertThat(row(stale.task().id()).settlement()).isEqualTo(Settlement.CHARGED);
  }

  @Test
  void a_cancelled_task_is_not_settled_and_not_claimed() {
    Task running = accept(order("1"));
    Task queued = accept(order("1"));
    Claim claim = claimOne();
    var before = balance();

    Task cancelled = store.tasks().cancel(running.id(), app, clock.instant()).orElseThrow();
    store.tasks().cancel(queued.id(), app, clock.instant());

    assertThat(cancelled.state()).isInstanceOf(TaskState.Cancelled.class);
    assertThat(cancelled.settlement()).isEqualTo(Settlement.RELEASED);
    assertThat(store.tasks().settle(claim, success())).isEmpty();
    assertThat(store.tasks().noteUpstream(claim, "job")).isFalse();
    assertThat(row(running.id())).isEqualTo(cancelled);
    assertThat(claim(1)).isEmpty();
    assertThat(balance().minus(before))
        .isEqualTo(running.order().price().plus(queued.order().price()));
    assertThat(store.tasks().openTasks()).isZero();
  }

  @Test
  void an_ended_task_is_cancelled_to_itself_and_a_foreign_one_is_unknown() {
    accept(order("1"));
    Task done = store.tasks().settle(claimOne(), success()).orElseThrow();
    Task open = accept(order("1"));
    var other = new ApplicationId(ids.next());

    assertThat(store.tasks().cancel(done.id(), app, clock.instant())).contains(done);
    assertThat(store.tasks().cancel(open.id(), other, clock.instant())).isEmpty();
    assertThat(store.tasks().cancel(new TaskId(ids.next()), app, clock.instant())).isEmpty();
    assertThat(row(open.id())).isEqualTo(open);
  }

  @Test
  void a_running_task_is_seen_at_once_and_is_durable_soon() {
    Task task = accept(order("0"));
    Claim claim = claimOne();
    var heard = new CopyOnWriteArrayList<Task>();
    var running = new TaskState.Running(clock.instant(), 40);

    try (var _ = store.bell().listen(task.id(), heard::add)) {
      store.tasks().noteRunning(claim, running);
    }

    assertThat(row(task.id()).state()).isEqualTo(running);
    assertThat(heard).containsExactly(task.in(running));
    eventually(() -> store.tasks().events(task.id(), 0, 10).size() == 3);
    crash();
    assertThat(row(task.id()).state()).isEqualTo(running);
  }

  @Test
  void events_are_in_order_and_without_gaps() {
    Task task = accept(order("0"));
    Claim claim = claimOne();
    for (int progress = 0; progress < 3; progress++) {
      int events = 2 + progress;
      store.tasks().noteRunning(claim, new TaskState.Running(START, progress * 10));
      eventually(() -> store.tasks().events(task.id(), 0, 10).size() == events);
    }
    store.tasks().settle(claim, success());

    List<Event> events = store.tasks().events(task.id(), 0, 10);

    assertThat(events).extracting(Event::sequence).containsExactly(1, 2, 3, 4, 5);
    assertThat(events)
        .extracting(Event::type)
        .containsExactly(
            EventType.TASK_ACCEPTED,
            EventType.TASK_STARTED,
            EventType.TASK_PROGRESSED,
            EventType.TASK_PROGRESSED,
            EventType.TASK_SUCCEEDED);
    assertThat(events).extracting(Event::progress).containsExactly(0, 0, 10, 20, 100);
    assertThat(events).extracting(Event::position).isSorted().doesNotHaveDuplicates();
    assertThat(events).allMatch(event -> event.application().equals(app));
    assertThat(store.tasks().events(task.id(), 3, 10)).isEqualTo(events.subList(3, 5));
    assertThat(store.tasks().events(task.id(), 0, 2)).isEqualTo(events.subList(0, 2));
    assertThat(store.tasks().events(new TaskId(ids.next()), 0, 10)).isEmpty();
  }

  @Test
  void a_task_that_ends_before_its_running_state_is_written_has_no_event_of_it() {
    Task task = accept(order("0"));
    Claim claim = claimOne();
    store.tasks().noteRunning(claim, new TaskState.Running(START, 10));
    store.tasks().settle(claim, success());
    store.tasks().noteRunning(claim, new TaskState.Running(START, 20));

    reopen();

    assertThat(row(task.id()).state()).isEqualTo(success());
    assertThat(store.tasks().events(task.id(), 0, 10))
        .extracting(Event::type)
        .containsExactly(EventType.TASK_ACCEPTED, EventType.TASK_SUCCEEDED);
  }

  @Test
  void positions_never_come_twice_over_restarts() {
    var positions = new ArrayList<Long>();
    for (int run = 0; run < 3; run++) {
      Task task = accept(order("0"));
      positions.add(store.tasks().events(task.id(), 0, 1).getFirst().position());
      crash();
    }

    assertThat(positions).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void the_bell_rings_after_the_commit() {
    var listed = new CopyOnWriteArrayList<List<Task>>();
    Task task = accept(order("0"));
    Claim claim = claimOne();
    var query = TaskQuery.newest(app, 10);

    try (var _ = store.bell().listen(task.id(), _ -> listed.add(store.tasks().list(query)))) {
      store.tasks().settle(claim, success());
    }

    assertThat(listed).hasSize(1);
    assertThat(listed.getFirst()).extracting(Task::state).containsExactly(success());
  }

  @Test
  void an_indeterminate_task_stays_open_holds_its_money_and_may_still_end() {
    accept(order("2"));
    Claim claim = claimOne();
    Task parked =
        store
            .tasks()
            .settle(claim, new TaskState.Indeterminate(START, clock.instant()))
            .orElseThrow();

    assertThat(row(parked.id())).isEqualTo(parked);
    assertThat(store.access().held()).isEqualTo(parked.order().price());
    assertThat(store.tasks().openTasks()).isEqualTo(1);
    assertThat(claim(1)).isEmpty();
    assertThat(store.tasks().settle(claim, failure())).isPresent();
    assertThat(store.access().held().isZero()).isTrue();
  }

  @Test
  void purge_removes_old_ended_tasks_and_nothing_else() {
    Task old = accept(order("1"));
    store.tasks().settle(claimOne(), success());
    Task open = accept(order("1"));
    clock.move(Duration.ofDays(10));
    Task young = accept(order("1"));
    claimOne();
    store.tasks().settle(claimOne(), success());

    int removed = store.tasks().purge(START.plus(Duration.ofDays(5)), 100);

    assertThat(removed).isEqualTo(1);
    assertThat(store.tasks().find(old.id())).isEmpty();
    assertThat(store.tasks().events(old.id(), 0, 10)).isEmpty();
    assertThat(store.tasks().find(open.id())).isPresent();
    assertThat(store.tasks().find(young.id())).isPresent();
    assertThat(store.access().held()).isEqualTo(open.order().price());
    assertThat(store.tasks().purge(START.plus(Duration.ofDays(5)), 100)).isZero();
  }

  @Test
  void purge_removes_no_more_than_it_was_told() {
    for (int i = 0; i < 5; i++) {
      accept(order("0"));
      store.tasks().settle(claimOne(), success());
    }
    clock.move(Duration.ofDays(1));

    assertThat(store.tasks().purge(clock.instant(), 3)).isEqualTo(3);
    assertThat(store.tasks().purge(clock.instant(), 3)).isEqualTo(2);
  }
}
