package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.callback.Delivery;
import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// The laws of callbacks on their way.
abstract class StoreDeliveryLaws extends StoreLaws {
  private static final Duration LATER = Duration.ofMinutes(5);

  @Test
  void an_end_with_a_callback_gives_exactly_one_dispatch() {
    Task ended = end();

    Dispatch dispatch = dispatchOne();

    assertThat(dispatch.task()).isEqualTo(ended);
    assertThat(dispatch.attempt()).isEqualTo(1);
    assertThat(Optional.of(dispatch.url())).isEqualTo(ended.order().callbackUrl());
    assertThat(dispatches()).isEmpty();
    assertThat(store.deliveries().pendingDeliveries()).isEqualTo(1);
  }

  @Test
  void a_cancelled_task_is_called_back_and_one_without_url_or_parked_is_not() {
    Task open = accept(orderWithCallback());
    store.tasks().cancel(open.id(), app, clock.instant());
    accept(order("0"));
    store.tasks().settle(claimOne(), success());
    accept(orderWithCallback());
    store.tasks().settle(claimOne(), new TaskState.Indeterminate(START, START));

    assertThat(dispatches())
        .extracting(dispatch -> dispatch.task().id())
        .containsExactly(open.id());
  }

  @Test
  void a_waiting_claim_gets_a_delivery_that_comes_meanwhile() throws Exception {
    var got = ConcurrentHashMap.<Dispatch>newKeySet();
    var waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                got.addAll(store.deliveries().claimDeliveries(OPEN, 5, PATIENCE));
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              }
            });

    Task ended = end();
    waiting.join();

    assertThat(got).extracting(Dispatch::task).containsExactly(ended);
  }

  @Test
  void a_retry_comes_when_it_is_due_and_not_before() {
    Task ended = end();
    Dispatch first = dispatchOne();
    store
        .deliveries()
        .recordAttempt(first, receipt(new Next.Retry(clock.instant().plus(LATER), true)));

    clock.move(LATER.minusMillis(1));
    assertThat(dispatches()).isEmpty();
    clock.move(Duration.ofMillis(1));
    Dispatch second = dispatchOne();

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.task()).isEqualTo(ended);
    assertThat(dispatches()).isEmpty();
  }

  @Test
  void what_waits_for_a_calendar_that_was_set_back_is_brought_forward_by_as_much() {
    Duration hour = Duration.ofHours(1);
    List<Task> ended = new ArrayList<>();
    clock.move(hour);
    for (int task = 0; task < 3; task++) {
      ended.add(end());
      Next later = new Next.Retry(clock.instant().plus(LATER.multipliedBy(task + 1)), true);
      store.deliveries().recordAttempt(dispatchOne(), receipt(later));
    }
    clock.move(hour.negated());
    assertThat(dispatches()).isEmpty();

    store.deliveries().bringForward(hour);

    for (Task task : ended) {
      assertThat(dispatches()).isEmpty();
      clock.move(LATER);
      assertThat(dispatchOne().task()).isEqualTo(task);
    }
  }

  @Test
  void a_claim_that_waits_wakes_when_the_hand_moves_the_clock() throws Exception {
    end();
    store
        .deliveries()
        .recordAttempt(dispatchOne(), receipt(new Next.Retry(clock.instant().plus(LATER), true)));
    var got = ConcurrentHashMap.<Dispatch>newKeySet();
    var waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                got.addAll(store.deliveries().claimDeliveries(OPEN, 5, PATIENCE));
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              }
            });

    clock.move(LATER);
    waiting.join();

    assertThat(got).hasSize(1);
  }

  @Test
  void a_delivery_that_is_done_never_comes_back() {
    List<Next> ends = List.of(new Next.Delivered(), new Next.Exhausted(), new Next.Blocked());
    for (Next next : ends) {
      end();
      store.deliveries().recordAttempt(dispatchOne(), receipt(next));
    }

    clock.move(Duration.ofDays(30));
    assertThat(dispatches()).isEmpty();
    assertThat(store.deliveries().pendingDeliveries()).isZero();
    crash();
    assertThat(dispatches()).isEmpty();
    assertThat(store.deliveries().pendingDeliveries()).isZero();
  }

  @Test
  void a_delivery_under_way_comes_again_after_a_crash() {
    Task ended = end();
    Dispatch before = dispatchOne();

    crash();

    assertThat(dispatchOne()).isEqualTo(before);
    assertThat(before.task()).isEqualTo(ended);
    assertThat(dispatches()).isEmpty();
  }

  @Test
  void attempts_are_kept_in_order_and_none_is_kept_twice() {
    Task ended = end();
    Dispatch first = dispatchOne();
    Receipt failed =
        new Receipt(
            clock.instant(),
            Duration.ofMillis(12),
            0,
            Optional.of("connect_refused"),
            "",
            new Next.Retry(clock.instant(), true));
    store.deliveries().recordAttempt(first, failed);
    store.deliveries().recordAttempt(first, failed);
    Receipt good = receipt(new Next.Delivered());
    store.deliveries().recordAttempt(dispatchOne(), good);

    reopen();

    assertThat(first.task()).isEqualTo(ended);
    assertThat(store.deliveries().attempts(first.id(), app))
        .containsExactly(new Delivery.Attempt(1, failed), new Delivery.Attempt(2, good));
  }

  @Test
  void purge_leaves_a_task_whose_callback_still_waits() {
    end();
    Dispatch dispatch = dispatchOne();
    clock.move(LATER);

    assertThat(store.tasks().purge(clock.instant(), 10)).isZero();
    store.deliveries().recordAttempt(dispatch, receipt(new Next.Delivered()));
    assertThat(store.tasks().purge(clock.instant(), 10)).isEqualTo(1);
    assertThat(store.deliveries().attempts(dispatch.id(), app)).isEmpty();
  }

  @Test
  void no_delivery_is_handed_out_twice_at_once_by_many_couriers() throws Exception {
    int tasks = 60;
    int attemptsEach = 4;
    for (int i = 0; i < tasks; i++) {
      end();
    }
    var couriers = new Couriers(tasks, attemptsEach);
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 4; i++) {
      var random = new Random(i);
      threads.add(Thread.ofVirtual().start(() -> couriers.work(random)));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(couriers.twice).hasValue(0);
    assertThat(couriers.left).hasValue(0);
    assertThat(couriers.seen).hasSize(tasks * attemptsEach);
    assertThat(store.deliveries().pendingDeliveries()).isZero();
  }

  /// Several who try deliveries at the same time.
  private final class Couriers {
    private final Set<DeliveryId> underWay = ConcurrentHashMap.newKeySet();
    private final Set<List<Object>> seen = ConcurrentHashMap.newKeySet();
    private final AtomicInteger twice = new AtomicInteger();
    private final AtomicInteger left;
    private final int attemptsEach;

    private Couriers(int tasks, int attemptsEach) {
      this.left = new AtomicInteger(tasks);
      this.attemptsEach = attemptsEach;
    }

    private void work(Random random) {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (left.get() > 0 && System.nanoTime() < end) {
        dispatches(1 + random.nextInt(5)).forEach(dispatch -> attempt(random, dispatch));
        clock.move(Duration.ofMillis(1));
      }
    }

    private void attempt(Random random, Dispatch dispatch) {
      boolean alone = underWay.add(dispatch.id());
      if (!alone || !seen.add(List.of(dispatch.id(), dispatch.attempt()))) {
        twice.incrementAndGet();
      }
      boolean last = dispatch.attempt() == attemptsEach;
      underWay.remove(dispatch.id());
      store
          .deliveries()
          .recordAttempt(
              dispatch,
              receipt(
                  last
                      ? new Next.Delivered()
                      : new Next.Retry(clock.instant().plusMillis(random.nextInt(3)), true)));
      if (last) {
        left.decrementAndGet();
      }
    }
  }
}
