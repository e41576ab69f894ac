package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Finalizer;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.postgres.PostgresBench;
import dev.carillon.gateway.upstream.Upstream;
import dev.carillon.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A late result whose node is gone, with two engines on one PostgreSQL.
class LateOnAnotherNodeTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration WINDOW = Duration.ofHours(1);

  private final InstantSource clock = InstantSource.system();
  private final Ids ids = new Ids(clock, new SplittableRandom(11));
  private final Owner owner =
      new Owner(
          new AccountId(ids.next()), new ApplicationId(ids.next()), new CredentialId(ids.next()));
  private final CountDownLatch letGo = new CountDownLatch(1);

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  private final Upstream upstream =
      new Upstream() {
        @Override
        public Outcome run(Claim claim, Progress progress) throws InterruptedException {
          letGo.await();
          return new Outcome.Done(new Answer("{}"));
        }

        @Override
        public boolean resumes(Claim claim) {
          return true;
        }
      };

  @AfterEach
  void clean() {
    PostgresBench.clean(folder);
  }

  private Engine engine(Store store) {
    var endings = new Worker.Endings(Finalizer.NONE, WINDOW);
    var worker = new Worker(store, upstream, clock, (_, _) -> {}, endings);
    var engine = new Engine(new EngineConfig(2, 2, WINDOW), store, worker);
    engine.start();
    return engine;
  }

  private TaskId accepted(Store store) {
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
    var id = new TaskId(ids.next());
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
                now.plusMillis(3_000)));
    return id;
  }

  private static void awaitState(Store store, TaskId id, Class<? extends TaskState> wanted) {
    Await.until(
        "it is " + wanted.getSimpleName(),
        SOON,
        () -> wanted.isInstance(store.tasks().find(id).orElseThrow().state()));
  }

  @Test
  void what_a_node_waited_for_when_it_stopped_comes_by_a_node_that_ran_all_the_time() {
    try (Store staying = PostgresBench.open(folder, clock, ids);
        var stayingEngine = engine(staying)) {
      TaskId id;
      try (Store leaving = PostgresBench.open(folder, clock, ids)) {
        Engine leavingEngine = engine(leaving);
        id = accepted(leaving);
        awaitState(staying, id, TaskState.Expired.class);
        Await.until("nobody else waits", SOON, () -> stayingEngine.running() == 0);
        leavingEngine.close();
      }

      letGo.countDown();

      awaitState(staying, id, TaskState.Succeeded.class);
      Await.until(
          "it is charged",
          SOON,
          () -> staying.access().generalBalance(owner.account()).equals(Money.ofCredits("6")));
    }
  }
}
