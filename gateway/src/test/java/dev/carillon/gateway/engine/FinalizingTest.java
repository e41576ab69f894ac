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
import dev.carillon.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The step between a provider's answer and the end of its task, on a real store.
class FinalizingTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Answer THEIRS = new Answer("{\"image_url\":\"https://theirs.example/1\"}");
  private static final Answer OURS = new Answer("{\"image_url\":\"https://ours.example/1\"}");

  private final InstantSource clock = InstantSource.system();
  private final Ids ids = new Ids(clock, new SplittableRandom(7));
  private final Owner owner =
      new Owner(
          new AccountId(ids.next()), new ApplicationId(ids.next()), new CredentialId(ids.next()));
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger copies = new AtomicInteger();
  private final CountDownLatch letGo = new CountDownLatch(1);

  /// Copies when it is let go.
  private final Finalizer copying =
      new Finalizer() {
        @Override
        public boolean isWanted(Task task, Answer answer) {
          return answer.equals(THEIRS);
        }

        @Override
        public Answer finish(Task task, Answer answer) throws InterruptedException {
          copies.incrementAndGet();
          letGo.await();
          return OURS;
        }
      };

  @TempDir Path folder;
  private SqliteStore store;
  private Engine engine;

  @BeforeEach
  void open() {
    openStore();
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
    startEngine(copying);
  }

  private void openStore() {
    store = SqliteStore.open(folder.resolve("c.db"), SqliteConfig.defaults(), clock, ids);
  }

  private void startEngine(Finalizer finalizer) {
    Worker worker =
        new Worker(
            store,
            (_, _) -> {
              made.incrementAndGet();
              return new Outcome.Done(THEIRS);
            },
            clock,
            (Claim _, Task _) -> {},
            new Worker.Endings(finalizer, Duration.ZERO));
    engine = new Engine(new EngineConfig(4), store, worker);
    engine.start();
  }

  @AfterEach
  void close() {
    letGo.countDown();
    engine.close();
    store.close();
  }

  @Test
  void a_task_is_finalizing_with_its_answer_stored_until_its_files_are_ours() {
    TaskId id = accept(Duration.ofHours(1));

    Await.until("finalizing", SOON, () -> state(id) instanceof TaskState.Finalizing);
    assertThat(state(id))
        .isInstanceOfSatisfying(
            TaskState.Finalizing.class, state -> assertThat(state.answer()).isEqualTo(THEIRS));
    letGo.countDown();

    Await.until("ended", SOON, () -> state(id).isFinal());
    assertThat(state(id))
        .isInstanceOfSatisfying(
            TaskState.Succeeded.class, state -> assertThat(state.answer()).isEqualTo(OURS));
    assertThat(made).hasValue(1);
  }

  @Test
  void a_gateway_that_stops_in_the_middle_goes_on_copying_and_never_asks_the_provider_again() {
    TaskId id = accept(Duration.ofHours(1));
    Await.until("copying", SOON, () -> copies.get() == 1);

    engine.close();
    store.close();
    openStore();
    assertThat(state(id)).isInstanceOf(TaskState.Finalizing.class);
    letGo.countDown();
    startEngine(copying);

    Await.until("ended", SOON, () -> state(id).isFinal());
    assertThat(state(id))
        .isInstanceOfSatisfying(
            TaskState.Succeeded.class, state -> assertThat(state.answer()).isEqualTo(OURS));
    assertThat(made).hasValue(1);
    assertThat(copies).hasValue(2);
  }

  @Test
  void a_task_whose_deadline_comes_while_it_is_copied_succeeds_with_the_providers_addresses() {
    TaskId id = accept(Duration.ofMillis(700));

    Await.until("ended", SOON, () -> state(id).isFinal());

    assertThat(state(id))
        .isInstanceOfSatisfying(
            TaskState.Succeeded.class, state -> assertThat(state.answer()).isEqualTo(THEIRS));
  }

  @Test
  void a_task_whose_deadline_passed_while_the_gateway_was_down_keeps_what_was_made() {
    TaskId id = accept(Duration.ofSeconds(2));
    Await.until("copying", SOON, () -> copies.get() == 1);
    Instant by = store.tasks().find(id).orElseThrow().order().finishBy();

    engine.close();
    store.close();
    Await.until("the deadline", SOON, () -> clock.instant().isAfter(by));
    openStore();
    startEngine(copying);

    Await.until("ended", SOON, () -> state(id).isFinal());
    assertThat(state(id))
        .isInstanceOfSatisfying(
            TaskState.Succeeded.class, state -> assertThat(state.answer()).isEqualTo(THEIRS));
  }

  @Test
  void a_task_may_be_cancelled_while_it_is_copied() {
    TaskId id = accept(Duration.ofHours(1));
    Await.until("copying", SOON, () -> copies.get() == 1);

    store.tasks().cancel(id, owner.application(), clock.instant());

    assertThat(state(id)).isInstanceOf(TaskState.Cancelled.class);
    Await.until("its place is free", SOON, () -> engine.running() == 0);
    assertThat(state(id)).isInstanceOf(TaskState.Cancelled.class);
    assertThat(store.access().held()).isEqualTo(Money.ZERO);
  }

  @Test
  void a_bug_while_copying_costs_nobody_the_result() {
    engine.close();
    startEngine(
        new Finalizer() {
          @Override
          public boolean isWanted(Task task, Answer answer) {
            return true;
          }

          @Override
          public Answer finish(Task task, Answer answer) {
            throw new IllegalStateException("a bug");
          }
        });

    TaskId id = accept(Duration.ofHours(1));

    Await.until("ended", SOON, () -> state(id).isFinal());
    assertThat(state(id))
        .isInstanceOfSatisfying(
            TaskState.Succeeded.class, state -> assertThat(state.answer()).isEqualTo(THEIRS));
    assertThat(made).hasValue(1);
  }

  private TaskState state(TaskId id) {
    return store.tasks().find(id).orElseThrow().state();
  }

  private TaskId accept(Duration within) {
    TaskId id = new TaskId(ids.next());
    store
        .tasks()
        .accept(
            new Order(
                id,
                owner,
                "veo",
                "/veo/videos",
                "videos",
                id.toString(),
                clock.instant(),
                "{}",
                Optional.empty(),
                Money.ofCredits("1"),
                clock.instant().plus(within)));
    return id;
  }
}
