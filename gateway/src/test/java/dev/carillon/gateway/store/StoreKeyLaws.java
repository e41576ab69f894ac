package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Fingerprint;
import dev.carillon.gateway.domain.IdempotencyKey;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.TaskStore.Accepted;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// The laws of idempotency keys.
abstract class StoreKeyLaws extends StoreLaws {
  private static final IdempotencyKey KEY = new IdempotencyKey("order-17");
  private static final Fingerprint BODY = Fingerprint.of("a body");
  private static final Fingerprint OTHER = Fingerprint.of("another body");

  private Order keyed(Order order) {
    return order.on(new Order.Terms(Optional.empty(), Optional.empty(), Optional.of(KEY)));
  }

  private Task taken(Order order) {
    Accepted accepted = store.tasks().accept(order, BODY);
    assertThat(accepted).isInstanceOf(Accepted.Taken.class);
    return row(order.id());
  }

  @Test
  void the_same_key_and_body_is_the_first_task_again_and_holds_nothing_twice() {
    Task first = taken(keyed(order("4")));

    Accepted again = store.tasks().accept(keyed(order("4")), BODY);

    assertThat(again).isEqualTo(new Accepted.Replayed(first));
    assertThat(balance()).isEqualTo(Money.ofCredits("6"));
    assertThat(store.access().held()).isEqualTo(Money.ofCredits("4"));
    assertThat(store.tasks().openTasks()).isEqualTo(1);
    assertThat(claim(10)).hasSize(1);
  }

  @Test
  void the_same_key_with_another_body_is_refused_and_writes_nothing() {
    taken(keyed(order("4")));
    Order other = keyed(order("1"));

    assertThat(store.tasks().accept(other, OTHER)).isEqualTo(new Accepted.KeyReused());

    assertThat(store.tasks().find(other.id())).isEmpty();
    assertThat(balance()).isEqualTo(Money.ofCredits("6"));
    assertThat(store.tasks().openTasks()).isEqualTo(1);
  }

  @Test
  void a_repeat_is_recognised_when_the_balance_covers_no_second_task() {
    Task first = taken(keyed(order("110")));

    assertThat(store.tasks().accept(keyed(order("110")), BODY))
        .isEqualTo(new Accepted.Replayed(first));
  }

  @Test
  void the_same_order_again_is_taken_as_before() {
    Order order = keyed(order("4"));
    Task first = taken(order);

    assertThat(store.tasks().accept(order, BODY)).isEqualTo(new Accepted.Taken(first));
    assertThat(balance()).isEqualTo(Money.ofCredits("6"));
  }

  @Test
  void an_order_that_is_refused_leaves_its_key_free() {
    assertThat(store.tasks().accept(keyed(order("1000")), BODY)).isEqualTo(new Accepted.UsedUp());

    taken(keyed(order("1")));
  }

  @Test
  void applications_do_not_share_their_keys() {
    var own = new ApplicationId(ids.next());
    store.access().createApplication(application(own, "5", false));
    taken(keyed(order("1")));

    Order theirs = keyed(order(own, "midjourney", "imagine", "1", Optional.empty()));

    assertThat(taken(theirs).id()).isEqualTo(theirs.id());
    assertThat(store.tasks().findByKey(own, KEY)).map(Task::id).contains(theirs.id());
  }

  @Test
  void a_key_finds_its_task_and_is_as_durable_as_that() {
    Task first = taken(keyed(order("1")));
    assertThat(store.tasks().findByKey(app, KEY)).contains(first);

    crash();

    assertThat(store.tasks().findByKey(app, KEY)).contains(first);
    assertThat(row(first.id()).order().terms().key()).contains(KEY);
    assertThat(store.tasks().accept(keyed(order("1")), BODY))
        .isEqualTo(new Accepted.Replayed(first));
    assertThat(store.tasks().findByKey(app, new IdempotencyKey("other"))).isEmpty();
  }

  @Test
  void a_key_is_kept_as_long_as_its_task_and_no_longer() {
    Task first = taken(keyed(order("1")));
    Task ended = store.tasks().settle(claimOne(), success()).orElseThrow();
    assertThat(store.tasks().accept(keyed(order("1")), BODY))
        .isEqualTo(new Accepted.Replayed(ended));

    assertThat(store.tasks().remove(first.id(), app)).isTrue();

    assertThat(store.tasks().findByKey(app, KEY)).isEmpty();
    Task second = taken(keyed(order("1")));
    store.tasks().settle(claimOne(), success());
    clock.move(Duration.ofDays(1));
    assertThat(store.tasks().purge(clock.instant(), 10)).isEqualTo(1);
    assertThat(store.tasks().find(second.id())).isEmpty();
    taken(keyed(order("1")));
  }

  @Test
  void of_many_at_once_with_one_key_one_becomes_a_task() {
    var seen = ConcurrentHashMap.<Task>newKeySet();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 40; i++) {
        Order order = keyed(order("1"));
        threads.execute(() -> {
          switch (store.tasks().accept(order, BODY)) {
            case Accepted.Taken(var task) -> seen.add(task);
            case Accepted.Replayed(var task) -> seen.add(task);
            case Accepted.KeyReused _,
                Accepted.UsedUp _,
                Accepted.OverLimit _,
                Accepted.NoRoom _,
                Accepted.Full _ ->
                throw new AssertionError("refused");
          }
        });
      }
    }

    assertThat(new HashSet<>(seen).stream().map(Task::id).distinct()).hasSize(1);
    assertThat(balance()).isEqualTo(Money.ofCredits("9"));
  }
}
