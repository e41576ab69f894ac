package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Fingerprint;
import dev.carillon.gateway.domain.IdempotencyKey;
import dev.carillon.gateway.domain.Limits;
import dev.carillon.gateway.domain.Limits.Ceiling;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Rate;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.TaskStore.Accepted;
import dev.carillon.gateway.store.TaskStore.Room;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The laws of limits, of the count of open tasks, and of turns after a crash.
abstract class StoreLimitLaws extends StoreLaws {
  private static final Room THREE = new Room(3, Integer.MAX_VALUE);

  private Order order(ApplicationId owner) {
    return order(owner, "midjourney", "imagine", "0", Optional.empty());
  }

  private ApplicationId anotherApplication() {
    var id = new ApplicationId(ids.next());
    store.access().createApplication(application(id, "0", true));
    return id;
  }

  private Accepted accept(Order order, Room room) {
    return store.tasks().accept(order, Optional.empty(), room);
  }

  @Test
  void a_node_alone_has_the_whole_of_a_limit() {
    assertThat(store.limits().portion(7)).isEqualTo(7);
    assertThat(store.limits().portion(1)).isEqualTo(1);
  }

  @Test
  void an_application_has_no_more_open_tasks_than_there_is_room_for() {
    for (int i = 0; i < 3; i++) {
      assertThat(accept(order(app), THREE)).isInstanceOf(Accepted.Taken.class);
    }

    Order refused = order(app);
    assertThat(accept(refused, THREE)).isEqualTo(new Accepted.NoRoom(false));
    assertThat(store.tasks().find(refused.id())).isEmpty();
    assertThat(store.tasks().openTasks(app)).isEqualTo(3);
    assertThat(accept(order(anotherApplication()), THREE)).isInstanceOf(Accepted.Taken.class);

    store.tasks().settle(claimOne(), success());
    assertThat(accept(order(app), THREE)).isInstanceOf(Accepted.Taken.class);
    assertThat(store.tasks().openTasks(app)).isEqualTo(3);
  }

  @Test
  void room_is_counted_by_service_too_and_a_refusal_takes_none() {
    var room = new Room(3, 1);
    accept(order(app, "suno", "audios", "0", Optional.empty()), room);
    Order second = order(app, "suno", "audios", "0", Optional.empty());

    assertThat(accept(second, room)).isEqualTo(new Accepted.NoRoom(true));
    assertThat(store.tasks().openTasks(app)).isEqualTo(1);
    assertThat(accept(order(app), room)).isInstanceOf(Accepted.Taken.class);
    assertThat(store.tasks().openTasks(app, "suno")).isEqualTo(1);
    assertThat(store.tasks().openTasks(app, "midjourney")).isEqualTo(1);
  }

  @Test
  void an_order_that_is_refused_for_another_reason_takes_no_room() {
    Order dear = order("1000");

    assertThat(accept(dear, THREE)).isEqualTo(new Accepted.UsedUp());
    assertThat(store.tasks().openTasks(app)).isZero();
  }

  @Test
  void a_repeat_needs_no_room() {
    var key =
        new Order.Terms(Optional.empty(), Optional.empty(), Optional.of(new IdempotencyKey("k")));
    var body = Optional.of(Fingerprint.of("a body"));
    var one = new Room(1, 1);
    Order first = order(app).on(key);
    assertThat(store.tasks().accept(first, body, one)).isInstanceOf(Accepted.Taken.class);

    assertThat(store.tasks().accept(order(app).on(key), body, one))
        .isEqualTo(new Accepted.Replayed(row(first.id())));
    assertThat(store.tasks().accept(order(app).on(key), Optional.of(Fingerprint.of("b")), one))
        .isEqualTo(new Accepted.KeyReused());
    assertThat(store.tasks().openTasks(app)).isEqualTo(1);
  }

  @Test
  void many_at_once_get_exactly_the_room_there_is() throws Exception {
    var room = new Room(20, Integer.MAX_VALUE);
    List<Callable<Accepted>> orders =
        IntStream.range(0, 100)
            .mapToObj(_ -> order(app))
            .map(order -> (Callable<Accepted>) () -> accept(order, room))
            .toList();

    int taken = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Accepted> answer : threads.invokeAll(orders)) {
        taken += answer.get() instanceof Accepted.Taken ? 1 : 0;
      }
    }

    assertThat(taken).isEqualTo(20);
    assertThat(store.tasks().openTasks(app)).isEqualTo(20);
  }

  @Test
  void open_tasks_are_counted_after_a_crash_as_before_it() {
    ApplicationId other = anotherApplication();
    List<TaskId> mine = Stream.generate(() -> accept(order(app)).id()).limit(5).toList();
    accept(order(other, "suno", "audios", "0", Optional.empty()));
    store.tasks().settle(claimOne(), success());

    crash();

    assertThat(store.tasks().openTasks(app)).isEqualTo(4);
    assertThat(store.tasks().openTasks(other, "suno")).isEqualTo(1);
    store.tasks().cancel(mine.getLast(), app, clock.instant());
    List<Claim> left = claim(100);
    left.forEach(claim -> store.tasks().settle(claim, success()));
    claim(100).forEach(claim -> store.tasks().settle(claim, success()));
    assertThat(store.tasks().openTasks()).isZero();
    assertThat(store.tasks().openTasks(app)).isZero();
    assertThat(store.tasks().openTasks(app, "midjourney")).isZero();
    assertThat(store.tasks().openTasks(other)).isZero();
  }

  @Test
  void what_a_crash_leaves_is_handed_out_by_turns_of_applications() {
    ApplicationId light = anotherApplication();
    List<TaskId> heavy = Stream.generate(() -> accept(order(app)).id()).limit(50).toList();
    TaskId late = accept(order(light)).id();

    crash();

    List<TaskId> first = claim(3).stream().map(claim -> claim.task().id()).toList();
    assertThat(first).contains(heavy.getFirst(), late).doesNotContain(heavy.get(2));
  }

  @Test
  void who_comes_after_a_crash_does_not_wait_for_all_that_it_left() {
    ApplicationId light = anotherApplication();
    for (int i = 0; i < 50; i++) {
      accept(order(app));
    }
    crash();
    TaskId fresh = accept(order(light)).id();

    assertThat(claim(4).stream().map(claim -> claim.task().id())).hasSize(4).contains(fresh);
  }

  @Test
  void limits_are_those_that_were_set_last_and_survive_a_crash() {
    assertThat(store.limits().of(app)).isEqualTo(Limits.USUAL);
    var limits =
        new Limits(
            new Ceiling(Optional.of(Rate.perSecond(5, 7)), Optional.of(9)),
            Optional.of(new Rate(500, 3)),
            Optional.of(2),
            Optional.of(4),
            Map.of(
                "suno", new Ceiling(Optional.of(new Rate(500, 1)), Optional.empty()),
                "luma", new Ceiling(Optional.empty(), Optional.of(5))));
    store
        .limits()
        .set(
            app,
            new Limits(Ceiling.NONE, Optional.empty(), Optional.empty(), Optional.of(9), Map.of()));
    store.limits().set(app, limits);
    assertThat(store.limits().of(app)).isEqualTo(limits);

    crash();
    assertThat(store.limits().of(app)).isEqualTo(limits);
    assertThat(store.limits().of(anotherApplication())).isEqualTo(Limits.USUAL);

    store.limits().set(app, Limits.USUAL);
    crash();
    assertThat(store.limits().of(app)).isEqualTo(Limits.USUAL);
  }

  @Test
  void a_limit_on_the_running_tasks_of_a_service_outlives_the_process() {
    var ofService = new Limits.Ceiling(Optional.empty(), Optional.empty(), Optional.of(2));
    var limits =
        new Limits(
            Limits.Ceiling.NONE,
            Optional.empty(),
            Optional.of(7),
            Optional.empty(),
            Map.of("suno", ofService));

    store.limits().set(app, limits);
    reopen();

    assertThat(store.limits().of(app)).isEqualTo(limits);
  }
}
