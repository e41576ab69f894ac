package dev.carillon.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.upstream.Upstream;
import dev.carillon.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who starts when, from accepting to a provider that ends one task at a time.
final class FairnessTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  private final List<ApplicationId> started = new CopyOnWriteArrayList<>();
  private final Semaphore ends = new Semaphore(0);

  @SuppressWarnings("NullAway.Init") // set before each test
  private Customers customers;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Engine engine;

  @SuppressWarnings("NullAway.Init") // set before each test
  private ApplicationId heavy;

  @SuppressWarnings("NullAway.Init") // set before each test
  private ApplicationId light;

  @BeforeEach
  void open() {
    customers = new Customers(folder);
    heavy = customers.heavy;
    light = customers.light;
    engine = engine(1);
  }

  @AfterEach
  void close() {
    engine.close();
    customers.close();
  }

  private Engine engine(int places) {
    var upstream =
        new Upstream() {
          @Override
          public Outcome run(Claim claim, Progress progress) throws InterruptedException {
            started.add(claim.task().order().owner().application());
            ends.acquire();
            return new Outcome.Done(new Answer("{}"));
          }

          @Override
          public CancelAnswer cancel(Claim claim) {
            return CancelAnswer.UNSUPPORTED;
          }
        };
    return new Engine(
        new EngineConfig(places),
        customers.store,
        new Worker(customers.store, upstream, customers.clock, (_, _) -> {}));
  }

  private void awaitStarts(int count) {
    Await.until(count + " started", SOON, () -> started.size() == count);
  }

  private void awaitWaiting(int count) {
    Await.until(count + " wait for their turn", SOON, () -> engine.waiting() == count);
  }

  @Test
  void the_first_task_of_an_application_starts_next_however_many_of_another_wait() {
    engine.start();
    customers.accept(heavy, 500);
    awaitStarts(1);
    customers.accept(light, 1);
    awaitWaiting(500);

    ends.release();
    awaitStarts(2);

    assertThat(started).containsExactly(heavy, light);
  }

  @Test
  void starts_follow_the_weights() {
    customers.limit(heavy, Optional.empty(), Optional.of(3));
    engine.start();
    customers.accept(heavy, 60);
    customers.accept(light, 60);
    awaitWaiting(119);

    ends.release(40);
    awaitStarts(41);

    assertThat(started.stream().filter(light::equals).count()).isBetween(10L, 11L);
  }

  @Test
  void an_application_runs_no_more_at_once_than_it_may_and_the_others_take_the_places() {
    customers.limit(heavy, Optional.of(1), Optional.empty());
    engine = engine(3);
    engine.start();
    customers.accept(heavy, 5);
    awaitWaiting(4);
    customers.accept(light, 3);
    awaitStarts(3);

    assertThat(started).containsExactlyInAnyOrder(heavy, light, light);
    ends.release(8);
    awaitStarts(8);
  }

  @Test
  void after_a_restart_many_tasks_of_one_do_not_keep_another_waiting() {
    customers.accept(heavy, 700);
    customers.accept(light, 1);
    customers.reopen();
    engine = engine(1);
    engine.start();
    awaitWaiting(700);

    ends.release();
    awaitStarts(2);

    assertThat(started).containsExactly(heavy, light);
  }
}
