package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Charge;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The laws of wishes to cancel: what a provider may know of is never cancelled without asking it,
/// and what it confirmed counts only for what it was asked about.
abstract class StoreCancelLaws extends StoreLaws {

  private Task asked(Task task) {
    return store.tasks().requestCancel(task.id(), app, clock.instant()).orElseThrow();
  }

  @Test
  void a_queued_task_that_may_have_been_sent_is_not_cancelled_before_its_provider_is_asked() {
    Task task = accept(order("1"));
    store.tasks().noteUpstream(claimOne(), "an intent");

    Task told = asked(task);

    assertThat(told.state()).isEqualTo(new TaskState.Queued());
    assertThat(told.cancellation()).contains(CancelAnswer.PENDING);
    assertThat(store.access().held()).isEqualTo(Money.ofCredits("1"));
  }

  @Test
  void nor_is_one_that_a_dead_process_sent_before_it_noted_that_it_runs() {
    Task task = accept(order("1"));
    store.tasks().noteUpstream(claimOne(), "job-7");
    crash();

    Task told = asked(task);

    assertThat(told.state()).isEqualTo(new TaskState.Queued());
    assertThat(told.cancellation()).contains(CancelAnswer.PENDING);
    Claim again = claimOne();
    assertThat(again.upstreamRef()).contains("job-7");
    assertThat(again.task().cancellation()).contains(CancelAnswer.PENDING);
  }

  @Test
  void one_of_which_surely_nothing_was_taken_is_cancelled_at_once() {
    Task task = accept(order("1"));
    Claim claim = claimOne();
    store.tasks().noteUpstream(claim, "an intent");
    store.tasks().noteUpstream(claim, "");

    Task told = asked(task);

    assertThat(Charge.of(told).why()).isEqualTo(Charge.Why.CANCELLED_BEFORE_START);
    assertThat(store.access().held()).isEqualTo(Money.ZERO);
  }

  @Test
  void what_a_provider_confirmed_ends_the_task_it_was_asked_about() {
    Task task = accept(order("1"));
    Claim claim = claimOne();
    store.tasks().noteUpstream(claim, "job-7");
    store.tasks().noteRunning(claim, new TaskState.Running(clock.instant(), 10));
    asked(task);

    Optional<Task> told = store.tasks().cancel(claim.at("job-7"), clock.instant());

    assertThat(told.orElseThrow().state()).isInstanceOf(TaskState.Cancelled.class);
    assertThat(store.access().held()).isEqualTo(Money.ZERO);
    assertThat(store.tasks().settle(claim, success())).isEmpty();
    assertThat(store.tasks().cancel(claim.at("job-7"), clock.instant())).isEmpty();
  }

  @Test
  void a_confirmation_that_nothing_was_sent_counts_no_longer_once_something_was() {
    Task task = accept(order("1"));
    Claim claim = claimOne();
    store.tasks().noteUpstream(claim, "an intent");

    assertThat(store.tasks().cancel(claim, clock.instant())).isEmpty();

    assertThat(row(task.id()).state().isFinal()).isFalse();
    assertThat(store.access().held()).isEqualTo(Money.ofCredits("1"));
  }

  @Test
  void a_stale_claim_cancels_nothing() {
    accept(order("1"));
    Claim stale = claimOne();
    crash();
    Claim current = claimOne();

    assertThat(store.tasks().cancel(stale, clock.instant())).isEmpty();

    assertThat(store.tasks().cancel(current, clock.instant())).isPresent();
  }

  @Test
  void only_the_current_claim_sees_its_task() {
    Task task = accept(order("1"));
    Claim stale = claimOne();
    assertThat(store.tasks().current(stale)).contains(task);
    crash();
    Claim current = claimOne();

    assertThat(store.tasks().current(stale)).isEmpty();
    assertThat(store.tasks().current(current)).map(Task::id).contains(task.id());

    Task ended = store.tasks().settle(current, success()).orElseThrow();
    assertThat(store.tasks().current(current)).contains(ended);
  }
}
