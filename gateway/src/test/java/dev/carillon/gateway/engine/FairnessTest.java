package dev.carillon.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Limits;
import dev.carillon.gateway.domain.Limits.Ceiling;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.sqlite.SqliteConfig;
import dev.carillon.gateway.store.sqlite.SqliteStore;
import dev.carillon.gateway.upstream.Upstream;
import dev.carillon.testkit.Await;
import dev.carillon.testkit.HandClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
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

  private final HandClock clock = new HandClock();
  private final Ids ids = new Ids(clock, new Random(1));
  private final AccountId account = new AccountId(ids.next());
  private final List<ApplicationId> started = new CopyOnWriteArrayList<>();
  private final Semaphore ends = new Semaphore(0);

  @SuppressWarnings("NullAway.Init") // set before each test
  private Store store;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Engine engine;

  @SuppressWarnings("NullAway.Init") // set before each test
  private ApplicationId heavy;

  @SuppressWarnings("NullAway.Init") // set before each test
  private ApplicationId light;

  @BeforeEach
  void open() {
    store = SqliteStore.open(folder.resolve("c.db"), SqliteConfig.defaults(), clock, ids);
    store.access().createAccount(account, Money.ZERO);
    heavy = application("heavy");
    light = application("light");
    engine = engine(1);
  }

  @AfterEach
  void close() {
    engine.close();
    store.close();
  }

  private ApplicationId application(String name) {
    var id = new ApplicationId(ids.next());
    store
        .access()
        .createApplication(
            new Application(
                id, account, name, Optional.empty(), Money.ZERO, true, false, clock.instant()));
    return id;
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
        new EngineConfig(places), store, new Worker(store, upstream, clock, (_, _) -> {}));
  }

  private void accept(ApplicationId owner, int count) {
    for (int i = 0; i < count; i++) {
      var id = new TaskId(ids.next());
      store
          .tasks()
          .accept(
              new Order(
                  id,
                  new Owner(account, owner, new CredentialId(ids.next())),
                  "midjourney",
                  "/midjourney/imagine",
                  "imagine",
                  "t-" + id,
                  clock.instant(),
                  "{}",
                  Optional.empty(),
                  Money.ZERO,
                  clock.instant().plusSeconds(3_600)));
    }
  }

  private void limit(ApplicationId id, Optional<Integer> running, Optional<Integer> weight) {
    store.limits().set(id, new Limits(Ceiling.NONE, Optional.empty(), running, weight, Map.of()));
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
    accept(heavy, 500);
    awaitStarts(1);
    accept(light, 1);
    awaitWaiting(500);

    ends.release();
    awaitStarts(2);

    assertThat(started).containsExactly(heavy, light);
  }

  @Test
  void starts_follow_the_weights() {
    limit(heavy, Optional.empty(), Optional.of(3));
    engine.start();
    accept(heavy, 60);
    accept(light, 60);
    awaitWaiting(119);

    ends.release(40);
    awaitStarts(41);

    assertThat(started.stream().filter(light::equals).count()).isBetween(10L, 11L);
  }

  @Test
  void an_application_runs_no_more_at_once_than_it_may_and_the_others_take_the_places() {
    limit(heavy, Optional.of(1), Optional.empty());
    engine = engine(3);
    engine.start();
    accept(heavy, 5);
    awaitWaiting(4);
    accept(light, 3);
    awaitStarts(3);

    assertThat(started).containsExactlyInAnyOrder(heavy, light, light);
    ends.release(8);
    awaitStarts(8);
  }

  @Test
  void after_a_restart_many_tasks_of_one_do_not_keep_another_waiting() {
    accept(heavy, 700);
    accept(light, 1);
    store.close();
    store = SqliteStore.open(folder.resolve("c.db"), SqliteConfig.defaults(), clock, ids);
    engine = engine(1);
    engine.start();
    awaitWaiting(700);

    ends.release();
    awaitStarts(2);

    assertThat(started).containsExactly(heavy, light);
  }
}
