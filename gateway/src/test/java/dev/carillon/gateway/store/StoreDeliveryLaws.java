package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.DeliveryId;
import dev.carillon.gateway.domain.Dispatch;
import dev.carillon.gateway.domain.Receipt;
import dev.carillon.gateway.domain.Receipt.Next;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
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
    assertThat(store.pendingDeliveries()).isEqualTo(1);
  }

  @Test
  void a_cancelled_task_is_called_back_and_one_without_url_or_parked_is_not() {
    Task open = accept(orderWithCallback());
    store.cancel(open.id(), app, clock.instant());
    accept(order("0"));
    store.settle(claimOne(), success());
    accept(orderWithCallback());
    store.settle(claimOne(), new TaskState.Indeterminate(START, START));

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
                got.addAll(store.claimDeliveries(5, PATIENCE));
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
    store.recordAttempt(first, receipt(new Next.Retry(clock.instant().plus(LATER))));

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
  void a_claim_that_waits_wakes_when_the_hand_moves_the_clock() throws Exception {
    end();
    store.recordAttempt(dispatchOne(), receipt(new Next.Retry(clock.instant().plus(LATER))));
    var got = ConcurrentHashMap.<Dispatch>newKeySet();
    var waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                got.addAll(store.claimDeliveries(5, PATIENCE));
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
      store.recordAttempt(dispatchOne(), receipt(next));
    }

    clock.move(Duration.ofDays(30));
    assertThat(dispatches()).isEmpty();
    assertThat(store.pendingDeliveries()).isZero();
    crash();
    assertThat(dispatches()).isEmpty();
    assertThat(store.pendingDeliveries()).isZero();
  }

  @Test
  void a_delivery_under_way_comes_again_after_a_crash() {
    Task ended = end();
    Dispatch before = dispatchOne();

    crash();

    assertThat(dispatchOne()).isEqualTo(new Dispatch(before.id(), before.url(), 1, ended));
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
            new Next.Retry(clock.instant()));
    store.recordAttempt(first, failed);
    store.recordAttempt(first, failed);
    Receipt good = receipt(new Next.Delivered());
    store.recordAttempt(dispatchOne(), good);

    reopen();

    assertThat(store.attempts(ended.id()))
        .containsExactly(new DeliveryStore.Attempt(1, failed), new DeliveryStore.Attempt(2, good));
  }

  @Test
  void purge_leaves_a_task_whose_callback_still_waits() {
    Task ended = end();
    Dispatch dispatch = dispatchOne();
    clock.move(LATER);

    assertThat(store.purge(clock.instant(), 10)).isZero();
    store.recordAttempt(dispatch, receipt(new Next.Delivered()));
    assertThat(store.purge(clock.instant(), 10)).isEqualTo(1);
    assertThat(store.attempts(ended.id())).isEmpty();
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
    assertThat(store.pendingDeliveries()).isZero();
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
      store.recordAttempt(
          dispatch,
          receipt(
              last
                  ? new Next.Delivered()
                  : new Next.Retry(clock.instant().plusMillis(random.nextInt(3)))));
      if (last) {
        left.decrementAndGet();
      }
    }
  }

  private Task end() {
    accept(orderWithCallback());
    return store.settle(claimOne(), success()).orElseThrow();
  }

  private Receipt receipt(Next next) {
    return new Receipt(clock.instant(), Duration.ofMillis(3), 200, Optional.empty(), next);
  }

  private Dispatch dispatchOne() {
    List<Dispatch> found = dispatches();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private List<Dispatch> dispatches() {
    List<Dispatch> found = dispatches(100);
    assertThat(new HashSet<>(found)).hasSameSizeAs(found);
    return found;
  }

  private List<Dispatch> dispatches(int max) {
    try {
      return store.claimDeliveries(max, NO_WAIT);
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }
}
