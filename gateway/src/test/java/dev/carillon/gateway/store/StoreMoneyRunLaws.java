package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Charge;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Fingerprint;
import dev.carillon.gateway.domain.IdempotencyKey;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.store.TaskStore.Accepted;
import dev.carillon.gateway.store.TaskStore.Keeping;
import dev.carillon.gateway.store.TaskStore.Late;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The law of money over a long life: whatever is accepted, settled, cancelled, parked, expired,
/// deleted and repeated, and however often the process dies in between, no credit is made or lost.
///
/// `-Dcarillon.money.steps=100000` makes it longer, `-Dcarillon.money.seed=…` repeats a run.
abstract class StoreMoneyRunLaws extends StoreLaws {
  private static final int STEPS = Integer.getInteger("carillon.money.steps", 1_200);
  private static final int LIVES = 8;
  private static final List<String> PRICES = List.of("0", "0.1", "0.7", "3", "11", "400");
  private static final Duration USUAL = Duration.ofDays(30);

  private final Map<TaskId, Order> open = new LinkedHashMap<>();
  private final List<TaskId> ended = new ArrayList<>();
  private final Map<IdempotencyKey, TaskId> keys = new HashMap<>();
  private final List<Claim> claims = new ArrayList<>();
  private final List<Claim> awaited = new ArrayList<>(); // expired, and some of them stale
  private Money given = Money.ofCredits("110");
  private Money charged = Money.ZERO;
  private int latecomers;

  /// What the ledger's rows say of one task: sums by kind, and how many kinds ended it.
  record Rows(Money held, Money settled, Money released) {}

  /// The ledger's rows by task, read from the disk beside the store.
  abstract Map<TaskId, Rows> ledger(Path place);

  @Test
  void a_long_life_makes_and_loses_no_credit() {
    long seed = Long.getLong("carillon.money.seed", new Random().nextLong());
    System.out.println("seed of the long money run: " + seed);
    var random = new Random(seed);
    for (int step = 1; step <= STEPS; step++) {
      step(random);
      if (step % (STEPS / LIVES) == 0) {
        die(random);
      }
      if (step % 60 == 0) {
        balanceSheet();
      }
    }
    balanceSheet();
    everyTaskWasPaidOnce();
  }

  private void die(Random random) {
    if (random.nextBoolean()) {
      crash();
    } else {
      reopen();
    }
    List<Claim> late = store.tasks().claimLate(100);
    claims.addAll(late);
    awaited.addAll(late);
    balanceSheet();
  }

  private void step(Random random) {
    switch (random.nextInt(12)) {
      case 0, 1 -> take(order(pick(random, PRICES)), random);
      case 2 -> takeKeyed(order(pick(random, PRICES)), random);
      case 3, 4 -> claims.addAll(claim(1 + random.nextInt(3)));
      case 5, 6, 7 -> settle(random);
      case 8 -> cancel(random);
      case 9 -> keepOrDelete(random);
      case 10 -> give(random);
      default -> clock.move(Duration.ofMinutes(random.nextInt(600)));
    }
  }

  private static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private void take(Order order, Random random) {
    Accepted accepted = store.tasks().accept(order);
    if (random.nextInt(4) == 0 && accepted instanceof Accepted.Taken) {
      assertThat(store.tasks().accept(order)).isInstanceOf(Accepted.Taken.class);
    }
    note(order, accepted);
  }

  private void note(Order order, Accepted accepted) {
    if (accepted instanceof Accepted.Taken) {
      open.put(order.id(), order);
    } else {
      assertThat(store.tasks().find(order.id())).isEmpty();
    }
  }

  /// A few keys only, so that most are repeats; the fingerprint says which body they came with.
  private void takeKeyed(Order order, Random random) {
    var key = new IdempotencyKey("key-" + random.nextInt(12));
    Fingerprint body = Fingerprint.of(random.nextInt(4) == 0 ? "other" : "usual");
    Order keyed = order.on(new Order.Terms(Optional.empty(), Optional.empty(), Optional.of(key)));
    Accepted accepted = store.tasks().accept(keyed, body);
    switch (accepted) {
      case Accepted.Taken _ -> {
        assertThat(keys.put(key, keyed.id())).isNull();
      }
      case Accepted.Replayed(var task) -> assertThat(keys.get(key)).isEqualTo(task.id());
      case Accepted.KeyReused _ -> assertThat(keys).containsKey(key);
      case Accepted.UsedUp _ -> assertThat(keys).doesNotContainKey(key);
      case Accepted.OverLimit _, Accepted.NoRoom _, Accepted.Full _ ->
          throw new AssertionError("refused");
    }
    note(keyed, accepted);
  }

  /// Also with claims of an earlier life and of tasks that ended: those must change nothing.
  private void settle(Random random) {
    if (claims.isEmpty()) {
      return;
    }
    Claim claim = pick(random, claims);
    switch (random.nextInt(8)) {
      case 0 -> store.tasks().noteRunning(claim, new TaskState.Running(clock.instant(), 5));
      case 1 -> store.tasks().noteCancellation(claim, CancelAnswer.REFUSED);
      case 2 ->
          store
              .tasks()
              .expire(claim, expired())
              .ifPresent(task -> {
                ended(task);
                awaited.add(claim);
              });
      case 3 -> {
        Claim one = awaited.isEmpty() ? claim : pick(random, awaited);
        late(store.tasks().settleLate(one, partly(random)));
      }
      default -> store.tasks().settle(claim, verdict(random)).ifPresent(this::ended);
    }
  }

  private TaskState verdict(Random random) {
    var now = clock.instant();
    return switch (random.nextInt(6)) {
      case 0 -> failure();
      case 1 -> new TaskState.Indeterminate(now, now);
      case 2 -> expired();
      case 3 -> partly(random);
      default -> success();
    };
  }

  private TaskState.Expired expired() {
    var now = clock.instant();
    return new TaskState.Expired(Optional.of(now), now, Reason.TOO_LATE);
  }

  /// A result that may cost less than it was held for.
  private TaskState.Succeeded partly(Random random) {
    var now = clock.instant();
    Optional<Money> cost =
        random.nextBoolean() ? Optional.of(Money.ofCredits("0.3")) : Optional.empty();
    return new TaskState.Succeeded(now, now, new Answer("{}", cost));
  }

  /// The task ended before; now it is paid for all the same.
  private void late(Late late) {
    if (late instanceof Late.Settled(var task)) {
      assertThat(ended).contains(task.id());
      charged = charged.plus(Charge.of(task).charged());
      latecomers++;
    }
  }

  /// Every end is told once: the task was open until now.
  private void ended(Task task) {
    if (task.state().isFinal()) {
      assertThat(open.remove(task.id())).as("%s ends once", task.id()).isNotNull();
      ended.add(task.id());
      charged = charged.plus(Charge.of(task).charged());
    }
  }

  private void cancel(Random random) {
    if (open.isEmpty()) {
      return;
    }
    TaskId id = pick(random, List.copyOf(open.keySet()));
    Optional<Task> task =
        random.nextBoolean()
            ? store.tasks().cancel(id, app, clock.instant())
            : store.tasks().requestCancel(id, app, clock.instant());
    ended(task.orElseThrow());
  }

  private void keepOrDelete(Random random) {
    if (ended.isEmpty()) {
      return;
    }
    TaskId id = pick(random, ended);
    switch (random.nextInt(3)) {
      case 0 ->
          store.tasks().keep(id, app, new Keeping(clock.instant(), Duration.ofDays(40), USUAL));
      case 1 -> store.tasks().remove(id, app);
      default -> store.tasks().purge(clock.instant().minus(USUAL), 20);
    }
    keys.values().removeIf(task -> store.tasks().find(task).isEmpty());
  }

  private void give(Random random) {
    Money amount = Money.ofCredits(pick(random, List.of("0.5", "2", "9")));
    if (random.nextBoolean()) {
      store.access().addCredit(app, amount);
    } else {
      store.access().addGeneralCredit(ACCOUNT, amount);
    }
    given = given.plus(amount);
  }

  private void balanceSheet() {
    Money held = Money.ZERO;
    for (Order order : open.values()) {
      assertThat(row(order.id()).state().isFinal()).isFalse();
      held = held.plus(order.price());
    }
    Money general = store.access().generalBalance(ACCOUNT);
    assertThat(store.access().held()).isEqualTo(held);
    assertThat(balance().isNegative() || general.isNegative()).isFalse();
    assertThat(balance().plus(general).plus(held).plus(charged)).isEqualTo(given);
    assertThat(store.tasks().openTasks()).isEqualTo(open.size());
  }

  private void everyTaskWasPaidOnce() {
    Map<TaskId, Rows> ledger = ledger(place());
    assertThat(ended).isNotEmpty().doesNotHaveDuplicates();
    assertThat(latecomers).isPositive();
    for (TaskId id : ended) {
      Rows rows = ledger.getOrDefault(id, new Rows(Money.ZERO, Money.ZERO, Money.ZERO));
      assertThat(rows.settled().plus(rows.released())).isEqualTo(rows.held());
    }
    open.forEach((id, order) -> {
      Rows rows = ledger.getOrDefault(id, new Rows(Money.ZERO, Money.ZERO, Money.ZERO));
      assertThat(rows).isEqualTo(new Rows(order.price(), Money.ZERO, Money.ZERO));
    });
  }
}
