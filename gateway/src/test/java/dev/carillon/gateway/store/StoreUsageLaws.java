package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.UsageStore.DayQuery;
import dev.carillon.gateway.store.UsageStore.Group;
import dev.carillon.gateway.store.UsageStore.Sum;
import dev.carillon.gateway.store.UsageStore.TaskUse;
import dev.carillon.gateway.store.UsageStore.Used;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What every store keeps of usage.
abstract class StoreUsageLaws extends StoreLaws {
  private static final LocalDate FIRST = LocalDate.ofInstant(START, ZoneOffset.UTC);

  private List<Sum> sums(Optional<ApplicationId> whose, Group... by) {
    return store.usage().sums(new DayQuery(whose, FIRST, FIRST.plusDays(400), Set.of(by), 1_000));
  }

  private Sum sum() {
    return sums(Optional.of(app)).getFirst();
  }

  private void run(Order order, TaskState end) {
    accept(order);
    store.tasks().settle(claimOne(), end);
  }

  @Test
  void tasks_count_by_how_they_ended_and_charge_only_success() {
    Order order = order("2");
    accept(order);
    clock.move(Duration.ofSeconds(3));
    store.tasks().settle(claimOne(), success());
    run(order("2"), failure());
    Task open = accept(order("2"));
    store.tasks().cancel(open.id(), app, clock.instant());

    assertThat(sums(Optional.of(app))).hasSize(1);
    assertThat(sum().tasks()).isEqualTo(3);
    assertThat(sum().succeeded()).isEqualTo(1);
    assertThat(sum().failed()).isEqualTo(1);
    assertThat(sum().cancelled()).isEqualTo(1);
    assertThat(sum().charged()).isEqualTo(Money.ofCredits("2"));
    assertThat(sum().took()).isEqualTo(Duration.ofSeconds(3));
    assertThat(sum().longest()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void sums_are_told_apart_by_application_day_service_and_api() {
    var other = new ApplicationId(ids.next());
    store.access().createApplication(application(other, "10", true));
    run(order("1"), success());
    clock.move(Duration.ofDays(1));
    run(order("1"), success());
    run(order(app, "suno", "audios", "3", Optional.empty()), success());
    run(order(other, "suno", "audios", "1", Optional.empty()), success());

    assertThat(sums(Optional.empty(), Group.APPLICATION))
        .extracting(sum -> sum.of().application().orElseThrow(), Sum::tasks)
        .containsExactlyInAnyOrder(tuple(app, 3L), tuple(other, 1L));
    assertThat(sums(Optional.of(app), Group.DAY))
        .extracting(sum -> sum.of().day().orElseThrow(), sum -> sum.charged().toString())
        .containsExactly(tuple(FIRST, "1"), tuple(FIRST.plusDays(1), "4"));
    assertThat(sums(Optional.of(app), Group.SERVICE, Group.API))
        .extracting(sum -> sum.of().service().orElseThrow() + sum.of().api().orElseThrow())
        .containsExactly("midjourney/midjourney/imagine", "suno/suno/audios");
    assertThat(
            store
                .usage()
                .sums(new DayQuery(Optional.of(app), FIRST, FIRST, Set.of(), 10))
                .getFirst()
                .tasks())
        .isEqualTo(1);
    assertThat(sums(Optional.of(new ApplicationId(ids.next())))).isEmpty();
  }

  @Test
  void sums_outlive_the_tasks_and_survive_a_crash() {
    run(order("1"), success());
    clock.move(Duration.ofDays(2));

    assertThat(store.tasks().purge(clock.instant(), 10)).isEqualTo(1);
    crash();

    assertThat(sum().succeeded()).isEqualTo(1);
    assertThat(sum().charged()).isEqualTo(Money.ofCredits("1"));
  }

  @Test
  void ended_tasks_are_lines_of_a_bill_newest_first() {
    run(order("1"), success());
    clock.move(Duration.ofSeconds(5));
    Order second = order("2");
    run(second, failure());
    Order open = order("1");
    accept(open);

    var all =
        new TaskUse(
            app,
            Optional.of(credential),
            Optional.of("/midjourney/imagine"),
            START,
            clock.instant().plusSeconds(1),
            10);
    List<Used> found = store.usage().tasks(all);

    assertThat(found).hasSize(2);
    assertThat(found.getFirst().id()).isEqualTo(second.id());
    assertThat(found.getFirst().charged()).isEqualTo(Money.ZERO);
    assertThat(found.getFirst().error()).contains("forbidden");
    assertThat(found.getLast().charged()).isEqualTo(Money.ofCredits("1"));
    assertThat(store.usage().task(second.id())).contains(found.getFirst());
    assertThat(store.usage().task(open.id())).isEmpty();
    assertThat(
            store
                .usage()
                .tasks(
                    new TaskUse(
                        app, Optional.empty(), Optional.empty(), START, START.plusSeconds(1), 10)))
        .hasSize(1);
  }

  /// Random ends with crashes between: the sums equal what the tasks themselves tell.
  @Test
  void sums_equal_the_tasks_after_any_run() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    long succeeded = 0;
    long others = 0;
    Money charged = Money.ZERO;
    for (int i = 0; i < 200; i++) {
      Order order = order(random.nextInt(3) == 0 ? "0" : "0.01");
      Task task = accept(order);
      switch (random.nextInt(4)) {
        case 0 -> {
          store.tasks().cancel(task.id(), app, clock.instant());
          others++;
        }
        case 1 -> {
          store.tasks().settle(claimOne(), failure());
          others++;
        }
        default -> {
          store.tasks().settle(claimOne(), success());
          succeeded++;
          charged = charged.plus(order.price());
        }
      }
      if (random.nextInt(50) == 0) {
        crash();
      }
      clock.move(Duration.ofMinutes(random.nextInt(120)));
    }

    Sum all = sum();
    assertThat(all.succeeded()).as("seed %d", seed).isEqualTo(succeeded);
    assertThat(all.tasks() - all.succeeded()).as("seed %d", seed).isEqualTo(others);
    assertThat(all.charged()).as("seed %d", seed).isEqualTo(charged);
  }
}
