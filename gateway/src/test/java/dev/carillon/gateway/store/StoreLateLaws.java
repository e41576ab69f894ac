package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Charge;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.store.TaskStore.Keeping;
import dev.carillon.gateway.store.TaskStore.Late;
import dev.carillon.gateway.store.UsageStore.DayQuery;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The laws of results that come after their task expired, of those that come in part, and of what
/// is noted on a task on the way to its result.
abstract class StoreLateLaws extends StoreLaws {
  private TaskState.Expired expired() {
    return new TaskState.Expired(Optional.of(START), clock.instant(), Reason.TOO_LATE);
  }

  /// Began, and expired while its provider still works.
  private Claim late(Order order) {
    accept(order);
    Claim claim = claimOne();
    assertThat(store.tasks().expire(claim, expired())).isPresent();
    return claim;
  }

  private Order priced() {
    return order(
        app,
        "midjourney",
        "imagine",
        "12",
        Optional.of(new CallbackUrl("https://caller.example/hook")));
  }

  private Money general() {
    return store.access().generalBalance(ACCOUNT);
  }

  @Test
  void an_expired_task_costs_nothing_until_its_late_result_is_charged() {
    Claim claim = late(priced());
    assertThat(balance()).isEqualTo(Money.ofCredits("10"));
    assertThat(general()).isEqualTo(Money.ofCredits("100"));
    assertThat(store.access().held()).isEqualTo(Money.ZERO);
    assertThat(store.tasks().openTasks()).isZero();

    Late late = store.tasks().settleLate(claim, success());

    assertThat(late).isInstanceOf(Late.Settled.class);
    Task task = row(claim.task().id());
    assertThat(task.state()).isInstanceOf(TaskState.Succeeded.class);
    assertThat(Charge.of(task).charged()).isEqualTo(Money.ofCredits("12"));
    assertThat(balance()).isEqualTo(Money.ZERO);
    assertThat(general()).isEqualTo(Money.ofCredits("98"));
    assertThat(store.access().held()).isEqualTo(Money.ZERO);
    assertThat(store.tasks().openTasks()).isZero();
    assertThat(store.tasks().settleLate(claim, success())).isEqualTo(new Late.Stale());
    reopen();
    assertThat(row(task.id())).isEqualTo(task);
  }

  @Test
  void both_ends_are_told_each_as_it_was() {
    Claim claim = late(priced());
    store.tasks().settleLate(claim, success());
    crash();

    List<Event> events = store.tasks().events(claim.task().id(), 0, 10);
    assertThat(events.stream().map(Event::type))
        .containsExactly(EventType.TASK_ACCEPTED, EventType.TASK_EXPIRED, EventType.TASK_SUCCEEDED);
    assertThat(events.stream().map(Event::sequence)).containsExactly(1, 2, 3);
    List<Dispatch> told = dispatches();
    assertThat(told).hasSize(2);
    assertThat(told.stream().map(Dispatch::webhookId)).doesNotHaveDuplicates();
    for (Dispatch dispatch : told) {
      boolean first = dispatch.event().type() == EventType.TASK_EXPIRED;
      assertThat(dispatch.task().state())
          .isInstanceOf(first ? TaskState.Expired.class : TaskState.Succeeded.class);
    }
  }

  @Test
  void a_late_result_that_cannot_be_paid_changes_nothing() {
    Claim claim = late(priced());
    accept(order("105"));

    assertThat(store.tasks().settleLate(claim, success())).isEqualTo(new Late.UsedUp());

    assertThat(row(claim.task().id()).state()).isInstanceOf(TaskState.Expired.class);
    assertThat(balance()).isEqualTo(Money.ZERO);
    assertThat(general()).isEqualTo(Money.ofCredits("5"));
    assertThat(store.tasks().events(claim.task().id(), 0, 10)).hasSize(2);
    store.tasks().settle(claimOne(), failure());
    assertThat(store.tasks().settleLate(claim, success())).isEqualTo(new Late.Stale());
  }

  @Test
  void what_a_dead_process_waited_for_is_handed_out_again_once() {
    Claim claim = late(priced());
    crash();

    assertThat(claim(10)).isEmpty();
    List<Claim> again = store.tasks().claimLate(10);

    assertThat(again).hasSize(1);
    assertThat(again.getFirst().fence()).isGreaterThan(claim.fence());
    assertThat(again.getFirst().task().state()).isInstanceOf(TaskState.Expired.class);
    assertThat(store.tasks().claimLate(10)).isEmpty();
    store.tasks().endWait(claim);
    assertThat(store.tasks().settleLate(claim, success())).isEqualTo(new Late.Stale());
    assertThat(store.tasks().settleLate(again.getFirst(), success()))
        .isInstanceOf(Late.Settled.class);
  }

  @Test
  void nobody_waits_after_the_wait_was_ended_or_the_task_deleted() {
    Claim ended = late(order("1"));
    store.tasks().endWait(ended);
    Claim deleted = late(order("1"));
    assertThat(store.tasks().remove(deleted.task().id(), app)).isTrue();
    Claim unawaited = lateWithoutWait();

    for (Claim claim : List.of(ended, deleted, unawaited)) {
      assertThat(store.tasks().settleLate(claim, success())).isEqualTo(new Late.Stale());
    }
    reopen();
    assertThat(store.tasks().claimLate(10)).isEmpty();
    assertThat(balance()).isEqualTo(Money.ofCredits("10"));
  }

  private Claim lateWithoutWait() {
    accept(order("1"));
    Claim claim = claimOne();
    assertThat(store.tasks().settle(claim, expired())).isPresent();
    return claim;
  }

  @Test
  void a_task_that_ended_is_not_expired_again() {
    accept(order("1"));
    Claim claim = claimOne();
    store.tasks().settle(claim, success());

    assertThat(store.tasks().expire(claim, expired())).isEmpty();
    assertThat(store.tasks().claimLate(10)).isEmpty();
    assertThat(row(claim.task().id()).state()).isInstanceOf(TaskState.Succeeded.class);
  }

  @Test
  void usage_counts_a_late_success_once_and_no_longer_as_expired() {
    Claim claim = late(order("3"));
    store.tasks().settleLate(claim, success());

    LocalDate day = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    var sums = store.usage().sums(new DayQuery(Optional.of(app), day, day, Set.of(), 10));
    assertThat(sums).hasSize(1);
    assertThat(sums.getFirst().succeeded()).isEqualTo(1);
    assertThat(sums.getFirst().expired()).isZero();
    assertThat(sums.getFirst().charged()).isEqualTo(Money.ofCredits("3"));
  }

  @Test
  void a_result_in_part_is_charged_in_part_and_the_rest_released() {
    accept(order("12"));
    var part = new Answer("{}", Optional.of(Money.ofCredits("11")));

    Task task =
        store
            .tasks()
            .settle(claimOne(), new TaskState.Succeeded(START, clock.instant(), part))
            .orElseThrow();

    assertThat(Charge.of(task).charged()).isEqualTo(Money.ofCredits("11"));
    assertThat(Charge.of(task).released()).isEqualTo(Money.ofCredits("1"));
    assertThat(balance()).isEqualTo(Money.ZERO);
    assertThat(general()).isEqualTo(Money.ofCredits("99"));
    reopen();
    assertThat(row(task.id())).isEqualTo(task);
    assertThat(store.usage().task(task.id()).orElseThrow().charged())
        .isEqualTo(Money.ofCredits("11"));
  }

  @Test
  void what_is_noted_on_a_finalizing_task_leaves_its_answer_and_its_cost() {
    Task task = accept(order("12"));
    Claim claim = claimOne();
    var part = new Answer("{\"a\":1}", Optional.of(Money.ofCredits("3")));
    var kept = new TaskState.Finalizing(clock.instant(), part);
    store.tasks().settle(claim, kept);

    store.tasks().noteUpstream(claim, "job-7");
    store.tasks().noteCancellation(claim, CancelAnswer.REFUSED);
    var keeping = new Keeping(clock.instant(), Duration.ofDays(90), Duration.ofDays(30));
    store.tasks().keep(task.id(), app, keeping);
    assertThat(row(task.id()).state()).isEqualTo(kept);
    crash();

    Claim again = claimOne();
    assertThat(again.task().state()).isEqualTo(kept);
    assertThat(again.upstreamRef()).contains("job-7");
    assertThat(again.task().cancellation()).contains(CancelAnswer.REFUSED);
  }

  @Test
  void an_empty_text_clears_the_upstream_reference() {
    accept(order("1"));
    Claim claim = claimOne();
    store.tasks().noteUpstream(claim, "job-7");

    assertThat(store.tasks().noteUpstream(claim, "")).isTrue();
    crash();

    assertThat(claimOne().upstreamRef()).isEmpty();
  }

  @Test
  void the_upstream_reference_of_a_task_whose_result_is_waited_for_may_change() {
    Claim claim = late(order("1"));

    assertThat(store.tasks().noteUpstream(claim, "job-8")).isTrue();
    crash();

    assertThat(store.tasks().claimLate(1).getFirst().upstreamRef()).contains("job-8");
    assertThat(store.tasks().noteUpstream(claim, "job-9")).isFalse();
  }

  @Test
  void a_late_success_is_kept_as_long_as_was_wished_from_its_own_end() {
    Duration day = Duration.ofDays(1);
    Claim claim =
        late(order("1").on(new Order.Terms(Optional.empty(), Optional.of(day), Optional.empty())));
    clock.move(Duration.ofHours(20));
    assertThat(store.tasks().settleLate(claim, success())).isInstanceOf(Late.Settled.class);

    clock.move(day);
    assertThat(purged()).isZero();
    clock.move(Duration.ofMillis(1));
    assertThat(purged()).isEqualTo(1);
  }

  private int purged() {
    return store.tasks().purge(clock.instant().minus(Duration.ofDays(30)), 10);
  }

  @Test
  void a_callback_url_hears_of_each_step_where_its_order_says_so() {
    var none = Order.Terms.USUAL;
    var terms = new Order.Terms(none.startBy(), none.keepFor(), none.key(), true, true);
    Task task = accept(priced().on(terms));
    accept(priced());
    for (Claim claim : claim(2)) {
      store.tasks().noteRunning(claim, new TaskState.Running(clock.instant(), 30));
    }

    eventually(() -> store.deliveries().pendingDeliveries() > 0);
    crash();

    List<Dispatch> told = dispatches();
    assertThat(told).hasSize(1);
    assertThat(told.getFirst().event().type()).isEqualTo(EventType.TASK_PROGRESSED);
    assertThat(told.getFirst().task().id()).isEqualTo(task.id());
    assertThat(row(task.id()).order().terms()).isEqualTo(terms);
  }

  @Test
  void an_ended_task_keeps_the_progress_it_had_reached() {
    accept(order("1"));
    Claim claim = claimOne();
    store.tasks().noteRunning(claim, new TaskState.Running(START, 42));

    Task failed = store.tasks().settle(claim, failure()).orElseThrow();

    assertThat(failed.reached()).isEqualTo(42);
    reopen();
    assertThat(row(failed.id()).reached()).isEqualTo(42);
  }

  @Test
  void the_oldest_open_tasks_come_first() {
    Task first = accept(order("1"));
    Task second = accept(order(app, "flux", "images", "1", Optional.empty()));
    Task third = accept(order("1"));

    assertThat(store.tasks().oldestOpen(app, Optional.empty(), 2).stream().map(Task::id))
        .containsExactly(first.id(), second.id());
    assertThat(store.tasks().oldestOpen(app, Optional.of("midjourney"), 9).stream().map(Task::id))
        .containsExactly(first.id(), third.id());
  }
}
