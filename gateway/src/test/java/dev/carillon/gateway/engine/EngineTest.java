package dev.carillon.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Charge;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.store.sqlite.SqliteConfig;
import dev.carillon.gateway.store.sqlite.SqliteStore;
import dev.carillon.gateway.upstream.Upstream;
import dev.carillon.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The engine on a real store, with one place, so that a second task has to wait.
class EngineTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final InstantSource clock = InstantSource.system();
  private final Ids ids = new Ids(clock, new SplittableRandom(7));
  private final Owner owner =
      new Owner(
          new AccountId(ids.next()), new ApplicationId(ids.next()), new CredentialId(ids.next()));
  private final Set<TaskId> heard = ConcurrentHashMap.newKeySet();
  private volatile CancelAnswer said = CancelAnswer.UNSUPPORTED;
  private final CountDownLatch letGo = new CountDownLatch(1);

  @TempDir Path folder;
  private SqliteStore store;
  private Engine engine;

  @BeforeEach
  void open() {
    store = SqliteStore.open(folder.resolve("c.db"), SqliteConfig.defaults(), clock, ids);
    store.access().createAccount(owner.account(), Money.ofCredits("100"));
    store
        .access()
        .createApplication(
            new Application(
                owner.application(),
                owner.account(),
                "a",
                Optional.empty(),
                Money.ZERO,
                true,
                false,
                clock.instant()));
    Worker worker =
        new Worker(
            store,
            new Upstream() {
              @Override
              public Outcome run(Claim claim, Progress progress) throws InterruptedException {
                heard.add(claim.task().id());
                letGo.await();
                return new Outcome.Done(new Answer("{}"));
              }

              @Override
              public CancelAnswer cancel(Claim claim) {
                return said;
              }
            },
            clock,
            (_, _) -> {});
    engine = new Engine(new EngineConfig(1), store, worker);
    engine.start();
  }

  @AfterEach
  void close() {
    engine.close();
    store.close();
  }

  private Task accepted(Duration patience) {
    TaskId id = new TaskId(ids.next());
    var now = clock.instant();
    Order order =
        new Order(
            id,
            owner,
            "midjourney",
            "/midjourney/imagine",
            "imagine",
            "t-" + id,
            now,
            "{}",
            Optional.empty(),
            Money.ofCredits("1"),
            now.plus(patience));
    store.tasks().accept(order);
    return store.tasks().find(id).orElseThrow();
  }

  private Task acceptedToStartWithin(Duration span) {
    TaskId id = new TaskId(ids.next());
    var now = clock.instant();
    Order order =
        new Order(
                id,
                owner,
                "midjourney",
                "/midjourney/imagine",
                "imagine",
                "t-" + id,
                now,
                "{}",
                Optional.empty(),
                Money.ofCredits("1"),
                now.plus(Duration.ofHours(1)))
            .on(new Order.Terms(Optional.of(now.plus(span)), Optional.empty(), Optional.empty()));
    store.tasks().accept(order);
    return store.tasks().find(id).orElseThrow();
  }

  private TaskState state(Task task) {
    return store.tasks().find(task.id()).orElseThrow().state();
  }

  private Task running() throws InterruptedException {
    Task first = accepted(Duration.ofHours(1));
    Await.until("the first task runs", SOON, () -> heard.contains(first.id()));
    return first;
  }

  @Test
  void a_task_cancelled_before_its_turn_is_never_heard_of_by_a_provider()
      throws InterruptedException {
    Task first = running();
    Task waiting = accepted(Duration.ofHours(1));

    store.tasks().cancel(waiting.id(), owner.application(), clock.instant());
    Task last = accepted(Duration.ofHours(1));
    letGo.countDown();

    Await.until("the last task ended", SOON, () -> state(last).isFinal());
    assertThat(heard).containsExactlyInAnyOrder(first.id(), last.id());
    assertThat(state(waiting)).isInstanceOf(TaskState.Cancelled.class);
  }

  @Test
  void a_task_whose_deadline_passes_before_its_turn_expires_and_costs_nothing()
      throws InterruptedException {
    running();

    Task late = accepted(Duration.ofMillis(300));

    Await.until("the late task expired", SOON, () -> state(late) instanceof TaskState.Expired);
    assertThat(heard).doesNotContain(late.id());
    assertThat(store.access().held()).isEqualTo(Money.ofCredits("1"));
  }

  @Test
  void a_running_task_that_is_cancelled_gives_its_place_to_the_next() throws InterruptedException {
    Task first = running();
    Task next = accepted(Duration.ofHours(1));

    store.tasks().cancel(first.id(), owner.application(), clock.instant());

    Await.until("the next task runs", SOON, () -> heard.contains(next.id()));
  }

  @Test
  void what_a_closed_engine_left_is_run_by_the_next_one() throws InterruptedException {
    Task first = running();
    engine.close();
    store.close();
    letGo.countDown();

    open();

    Await.until("the task ended", SOON, () -> state(first) instanceof TaskState.Succeeded);
  }

  @Test
  void a_task_that_does_not_begin_by_its_start_by_time_expires_and_says_so()
      throws InterruptedException {
    running();

    Task late = acceptedToStartWithin(Duration.ofMillis(300));
    Task patient = accepted(Duration.ofHours(1));

    Await.until("the late task expired", SOON, () -> state(late) instanceof TaskState.Expired);
    assertThat(Charge.of(store.tasks().find(late.id()).orElseThrow()).why())
        .isEqualTo(Charge.Why.EXPIRED_START_BY);
    assertThat(((TaskState.Expired) state(late)).reason().message()).contains("start-by");
    assertThat(heard).doesNotContain(late.id());
    assertThat(state(patient).isFinal()).isFalse();
  }

  @Test
  void a_task_that_began_in_time_may_run_past_its_start_by_time() throws InterruptedException {
    Task begun = acceptedToStartWithin(Duration.ofSeconds(30));
    Await.until("it runs", SOON, () -> heard.contains(begun.id()));

    letGo.countDown();

    Await.until("it ended", SOON, () -> state(begun) instanceof TaskState.Succeeded);
  }

  @Test
  void a_running_task_is_cancelled_when_its_provider_confirms() throws InterruptedException {
    Task first = running();
    said = CancelAnswer.CONFIRMED;

    store.tasks().requestCancel(first.id(), owner.application(), clock.instant());

    Await.until("it is cancelled", SOON, () -> state(first) instanceof TaskState.Cancelled);
    assertThat(store.access().held()).isEqualTo(Money.ZERO);
  }

  @Test
  void a_running_task_goes_on_when_its_provider_refuses() throws InterruptedException {
    Task first = running();
    said = CancelAnswer.REFUSED;

    store.tasks().requestCancel(first.id(), owner.application(), clock.instant());

    Await.until(
        "the answer is noted",
        SOON,
        () ->
            store
                .tasks()
                .find(first.id())
                .orElseThrow()
                .cancellation()
                .equals(Optional.of(CancelAnswer.REFUSED)));
    letGo.countDown();
    Await.until("it succeeds", SOON, () -> state(first) instanceof TaskState.Succeeded);
  }

  @Test
  void a_wish_to_cancel_that_a_crash_left_unanswered_is_asked_before_work_goes_on()
      throws InterruptedException {
    Task first = running();
    engine.close();
    store.tasks().requestCancel(first.id(), owner.application(), clock.instant());
    store.close();
    heard.clear();
    said = CancelAnswer.CONFIRMED;

    open();

    Await.until("it is cancelled", SOON, () -> state(first) instanceof TaskState.Cancelled);
    assertThat(heard).isEmpty();
  }
}
