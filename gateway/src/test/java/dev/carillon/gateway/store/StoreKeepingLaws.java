package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Charge;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.Tombstone;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.TaskStore.Keeping;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The laws of how long tasks are kept, of the wish to cancel them, and of what each ending costs.
abstract class StoreKeepingLaws extends StoreLaws {
  private static final Duration USUAL = Duration.ofDays(30);

  private Order keptFor(Duration span) {
    return order("1").on(new Order.Terms(Optional.empty(), Optional.of(span), Optional.empty()));
  }

  private int purge() {
    return store.tasks().purge(clock.instant().minus(USUAL), 100);
  }

  private Task ended(Order order) {
    accept(order);
    return store.tasks().settle(claimOne(), success()).orElseThrow();
  }

  @Test
  void each_task_is_kept_for_its_own_time() {
    Task brief = ended(keptFor(Duration.ofHours(1)));
    Task usual = ended(order("1"));
    Task lasting = ended(keptFor(Duration.ofDays(60)));

    clock.move(Duration.ofHours(1));
    assertThat(purge()).isZero();
    clock.move(Duration.ofMillis(1));
    assertThat(purge()).isEqualTo(1);
    assertThat(store.tasks().find(brief.id())).isEmpty();

    clock.move(USUAL);
    assertThat(purge()).isEqualTo(1);
    assertThat(store.tasks().find(usual.id())).isEmpty();

    clock.move(USUAL);
    crash();
    assertThat(purge()).isEqualTo(1);
    assertThat(store.tasks().find(lasting.id())).isEmpty();
  }

  @Test
  void an_open_task_is_kept_however_old_it_is() {
    Task task = accept(keptFor(Duration.ofSeconds(1)));
    clock.move(Duration.ofDays(90));

    assertThat(purge()).isZero();
    assertThat(store.tasks().find(task.id())).isPresent();
  }

  @Test
  void an_ended_task_is_kept_for_longer_from_now_and_never_for_less_long() {
    Task task = ended(order("1"));
    clock.move(Duration.ofDays(10));

    Task same = keep(task.id(), Duration.ofDays(5));
    Task longer = keep(task.id(), Duration.ofDays(40));

    assertThat(same.order().terms().keepFor()).isEmpty();
    assertThat(longer.order().terms().keepFor()).contains(Duration.ofDays(50));
    crash();
    assertThat(row(task.id())).isEqualTo(longer);
    clock.move(Duration.ofDays(40));
    assertThat(purge()).isZero();
    clock.move(Duration.ofMillis(1));
    assertThat(purge()).isEqualTo(1);
  }

  @Test
  void an_open_task_that_is_to_be_kept_longer_is_so_from_its_end() {
    Task task = accept(order("1"));
    Claim claim = claimOne();

    keep(task.id(), Duration.ofDays(90));

    Task ended = store.tasks().settle(claim, success()).orElseThrow();
    assertThat(ended.order().terms().keepFor()).contains(Duration.ofDays(90));
    assertThat(row(task.id())).isEqualTo(ended);
    crash();
    assertThat(row(task.id())).isEqualTo(ended);
  }

  @Test
  void nobody_keeps_the_task_of_another() {
    Task task = ended(order("1"));
    var keeping = new Keeping(clock.instant(), Duration.ofDays(90), USUAL);

    assertThat(store.tasks().keep(task.id(), new ApplicationId(ids.next()), keeping)).isEmpty();
    assertThat(store.tasks().keep(new TaskId(ids.next()), app, keeping)).isEmpty();
  }

  private Task keep(TaskId id, Duration span) {
    return store.tasks().keep(id, app, new Keeping(clock.instant(), span, USUAL)).orElseThrow();
  }

  @Test
  void a_deleted_task_leaves_a_tombstone_for_a_while() {
    Task removed = ended(order("1"));
    Task purged = ended(keptFor(Duration.ofSeconds(1)));
    Instant at = clock.instant();
    store.tasks().remove(removed.id(), app);
    clock.move(Duration.ofSeconds(2));
    purge();

    assertThat(store.tasks().tombstone(removed.id(), app))
        .contains(new Tombstone(removed.id(), app, at));
    assertThat(store.tasks().tombstone(purged.id(), app)).isPresent();
    assertThat(store.tasks().tombstone(removed.id(), new ApplicationId(ids.next()))).isEmpty();
    crash();
    assertThat(store.tasks().tombstone(removed.id(), app)).isPresent();

    assertThat(store.tasks().forgetTombstones(at.plusSeconds(1), 10)).isEqualTo(1);
    assertThat(store.tasks().tombstone(removed.id(), app)).isEmpty();
    assertThat(store.tasks().tombstone(purged.id(), app)).isPresent();
  }

  @Test
  void an_open_task_leaves_no_tombstone_when_nobody_may_delete_it() {
    Task task = accept(order("1"));

    assertThat(store.tasks().remove(task.id(), app)).isFalse();

    assertThat(store.tasks().tombstone(task.id(), app)).isEmpty();
  }

  @Test
  void a_wish_to_cancel_ends_a_task_that_nobody_began() {
    Task task = accept(order("1"));

    Task cancelled = store.tasks().requestCancel(task.id(), app, clock.instant()).orElseThrow();

    assertThat(Charge.of(cancelled).why()).isEqualTo(Charge.Why.CANCELLED_BEFORE_START);
    assertThat(balance()).isEqualTo(Money.ofCredits("10"));
  }

  @Test
  void a_wish_to_cancel_waits_for_the_provider_of_a_task_that_runs() {
    Task task = accept(order("1"));
    Claim claim = claimOne();
    store.tasks().noteRunning(claim, new TaskState.Running(clock.instant(), 10));

    Task asked = store.tasks().requestCancel(task.id(), app, clock.instant()).orElseThrow();

    assertThat(asked.cancellation()).contains(CancelAnswer.PENDING);
    assertThat(asked.state().isFinal()).isFalse();
    assertThat(store.access().held()).isEqualTo(Money.ofCredits("1"));
    crash();
    assertThat(row(task.id()).cancellation()).contains(CancelAnswer.PENDING);
  }

  @Test
  void what_a_provider_said_stays_with_the_task_to_its_end() {
    Task task = accept(order("1"));
    Claim claim = claimOne();
    store.tasks().noteRunning(claim, new TaskState.Running(clock.instant(), 10));
    store.tasks().requestCancel(task.id(), app, clock.instant());

    store.tasks().noteCancellation(claim, CancelAnswer.REFUSED);
    store.tasks().noteRunning(claim, new TaskState.Running(clock.instant(), 20));

    assertThat(row(task.id()).cancellation()).contains(CancelAnswer.REFUSED);
    Task ended = store.tasks().settle(claim, success()).orElseThrow();
    assertThat(ended.cancellation()).contains(CancelAnswer.REFUSED);
    assertThat(Charge.of(ended).charged()).isEqualTo(Money.ofCredits("1"));
    assertThat(store.tasks().noteCancellation(claim, CancelAnswer.UNSUPPORTED)).isEmpty();
    assertThat(row(task.id())).isEqualTo(ended);
  }

  @Test
  void every_ending_moves_the_money_that_its_charge_tells() {
    Instant now = clock.instant();
    Optional<Instant> begun = Optional.of(now);
    var late = Reason.of(ErrorCode.TIMEOUT);
    ending(success(), Charge.Why.SUCCEEDED, "3");
    ending(failure(), Charge.Why.MODERATED, "0");
    ending(new TaskState.Failed(now, now, Reason.of(ErrorCode.BUSY)), Charge.Why.FAILED, "0");
    ending(new TaskState.Expired(begun, now, late), Charge.Why.EXPIRED_FINISH_BY, "0");
    ending(new TaskState.Expired(Optional.empty(), now, late), Charge.Why.EXPIRED_START_BY, "0");
    ending(new TaskState.Cancelled(begun, now), Charge.Why.CANCELLED, "0");
    ending(new TaskState.Cancelled(Optional.empty(), now), Charge.Why.CANCELLED_BEFORE_START, "0");
    ending(new TaskState.Indeterminate(now, now), Charge.Why.INDETERMINATE, "3");
  }

  private void ending(TaskState state, Charge.Why why, String moved) {
    Money before = balance();
    var terms = new Order.Terms(Optional.of(clock.instant()), Optional.empty(), Optional.empty());
    accept(order("3").on(terms));

    Task task = store.tasks().settle(claimOne(), state).orElseThrow();

    Charge charge = Charge.of(task);
    assertThat(charge.why()).isEqualTo(why);
    assertThat(charge.held().plus(charge.charged()))
        .as("%s", why)
        .isEqualTo(Money.ofCredits(moved));
    assertThat(before.minus(balance())).as("%s", why).isEqualTo(Money.ofCredits(moved));
    if (charge.held().isZero() && !charge.charged().isZero()) {
      store.access().addCredit(app, charge.charged());
    }
  }
}
