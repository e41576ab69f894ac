package dev.carillon.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Finalizer;
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
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Results that come after their task expired, with an engine of one place on a real store.
class LateResultTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final InstantSource clock = InstantSource.system();
  private final Ids ids = new Ids(clock, new SplittableRandom(7));
  private final Owner owner =
      new Owner(
          new AccountId(ids.next()), new ApplicationId(ids.next()), new CredentialId(ids.next()));
  private final List<TaskId> heard = new CopyOnWriteArrayList<>();
  private final List<TaskId> stopped = new CopyOnWriteArrayList<>();
  private volatile CountDownLatch letGo = new CountDownLatch(1);
  private volatile boolean resumes = true;

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private SqliteStore store;

  @SuppressWarnings("NullAway.Init") // set by each test
  private Engine engine;

  private final Upstream upstream =
      new Upstream() {
        @Override
        public Outcome run(Claim claim, Progress progress) throws InterruptedException {
          heard.add(claim.task().id());
          try {
            letGo.await();
          } catch (InterruptedException told) {
            stopped.add(claim.task().id());
            throw told;
          }
          return new Outcome.Done(new Answer("{}"));
        }

        @Override
        public boolean resumes(Claim claim) {
          return resumes;
        }
      };

  @BeforeEach
  void open() {
    store = SqliteStore.open(folder.resolve("c.db"), SqliteConfig.defaults(), clock, ids);
    store.access().createAccount(owner.account(), Money.ofCredits("10"));
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
  }

  private void start(Duration window) {
    engine =
        new Engine(
            new EngineConfig(1, 1, window),
            store,
            new Worker(
                store, upstream, clock, (_, _) -> {}, new Worker.Endings(Finalizer.NONE, window)));
    engine.start();
  }

  @AfterEach
  void close() {
    engine.close();
    store.close();
  }

  private Task accepted(Duration patience) {
    return accepted(patience, Order.Terms.USUAL);
  }

  private Task accepted(Duration patience, Order.Terms terms) {
    TaskId id = new TaskId(ids.next());
    var now = clock.instant();
    store
        .tasks()
        .accept(
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
                Money.ofCredits("4"),
                now.plus(patience),
                terms));
    return store.tasks().find(id).orElseThrow();
  }

  private TaskState state(Task task) {
    return store.tasks().find(task.id()).orElseThrow().state();
  }

  private void awaitState(Task task, Class<? extends TaskState> wanted) {
    Await.until("it is " + wanted.getSimpleName(), SOON, () -> wanted.isInstance(state(task)));
  }

  private Money general() {
    return store.access().generalBalance(owner.account());
  }

  @Test
  void a_result_after_the_deadline_is_charged_and_given_and_the_place_was_free_meanwhile() {
    start(LONG);
    Task late = accepted(SHORT);
    awaitState(late, TaskState.Expired.class);
    assertThat(general()).isEqualTo(Money.ofCredits("10"));
    assertThat(stopped).isEmpty();

    Task next = accepted(LONG);
    Await.until("the next one has the place", SOON, () -> heard.contains(next.id()));
    letGo.countDown();

    awaitState(late, TaskState.Succeeded.class);
    awaitState(next, TaskState.Succeeded.class);
    assertThat(general()).isEqualTo(Money.ofCredits("2"));
  }

  @Test
  void after_the_window_the_provider_is_left_and_the_task_stays_expired() {
    start(SHORT);
    Task late = accepted(SHORT);

    Await.until("its work is stopped", SOON, () -> stopped.contains(late.id()));

    awaitState(late, TaskState.Expired.class);
    Await.until("nothing runs", SOON, () -> engine.running() == 0);
    assertThat(general()).isEqualTo(Money.ofCredits("10"));
    assertThat(store.tasks().claimLate(1)).isEmpty();
  }

  @Test
  void without_a_window_the_provider_is_left_at_the_deadline() {
    start(Duration.ZERO);
    Task late = accepted(SHORT);

    awaitState(late, TaskState.Expired.class);
    Await.until("its work is stopped", SOON, () -> stopped.contains(late.id()));
  }

  @Test
  void what_its_caller_may_have_sent_again_is_not_waited_for() {
    start(LONG);
    Task late = accepted(SHORT, Order.Terms.USUAL.repeatable());

    awaitState(late, TaskState.Expired.class);
    Await.until("its work is stopped", SOON, () -> stopped.contains(late.id()));
    assertThat(store.tasks().find(late.id()).orElseThrow().order().terms().mayBeRepeated())
        .isTrue();
  }

  @Test
  void a_late_result_comes_also_after_a_restart() {
    start(LONG);
    Task late = accepted(SHORT);
    awaitState(late, TaskState.Expired.class);
    engine.close();
    store.close();

    open();
    letGo.countDown();
    start(LONG);

    awaitState(late, TaskState.Succeeded.class);
    assertThat(general()).isEqualTo(Money.ofCredits("6"));
  }

  @Test
  void a_deadline_that_passed_while_nobody_was_there_leaves_the_window_open() {
    start(LONG);
    Task task = accepted(Duration.ofSeconds(2));
    Await.until("it runs", SOON, () -> heard.contains(task.id()));
    engine.close();
    store.close();
    Await.until(
        "its deadline has passed", SOON, () -> clock.instant().isAfter(task.order().finishBy()));

    open();
    start(LONG);
    awaitState(task, TaskState.Expired.class);
    letGo.countDown();

    awaitState(task, TaskState.Succeeded.class);
  }

  @Test
  void a_provider_that_would_begin_again_is_not_asked_for_an_expired_task() {
    start(LONG);
    Task late = accepted(SHORT);
    awaitState(late, TaskState.Expired.class);
    engine.close();
    store.close();
    resumes = false;
    heard.clear();

    open();
    letGo.countDown();
    start(LONG);
    Task next = accepted(LONG);
    awaitState(next, TaskState.Succeeded.class);

    assertThat(heard).containsExactly(next.id());
    assertThat(state(late)).isInstanceOf(TaskState.Expired.class);
  }
}
