package dev.carillon.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Ids;
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
import dev.carillon.gateway.store.postgres.PostgresBench;
import dev.carillon.gateway.upstream.Upstream;
import dev.carillon.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A node that was not heard of for longer than its lease, right before it sends something.
class FrozenNodeTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final InstantSource clock = InstantSource.system();
  private final Ids ids = new Ids(clock, new SplittableRandom(29));
  private final Owner owner =
      new Owner(
          new AccountId(ids.next()), new ApplicationId(ids.next()), new CredentialId(ids.next()));

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  @AfterEach
  void clean() {
    PostgresBench.clean(folder);
  }

  /// A provider that notes what it is about to send, and stands still before it would.
  private static final class Still implements Upstream {
    private final CompletableFuture<Progress> noted = new CompletableFuture<>();
    private final CountDownLatch letGo = new CountDownLatch(1);

    @Override
    public Outcome run(Claim claim, Progress progress) throws InterruptedException {
      assertThat(progress.note("intent")).isTrue();
      noted.complete(progress);
      letGo.await();
      return new Outcome.Unknown("of a test");
    }
  }

  @Test
  void who_sends_is_told_that_the_task_may_be_anothers_though_the_node_is_back() throws Exception {
    var still = new Still();
    try (var line = PostgresBench.line();
        var node = line.open(folder, clock, ids, PostgresBench.SHORT_LEASE);
        var engine =
            new Engine(new EngineConfig(1), node, new Worker(node, still, clock, (_, _) -> {}))) {
      engine.start();
      accept(node);
      Upstream.Progress progress = still.noted.get(SOON.toSeconds(), TimeUnit.SECONDS);
      assertThat(progress.isSurelyOurs()).isTrue();

      line.cut();
      Await.until("it is not sure any more", SOON, () -> !progress.isSurelyOurs());
      Await.until("its lease has lapsed", SOON, () -> PostgresBench.hasLapsed(node));
      line.mend();
      Await.until("it is back", SOON, () -> node.tasks().hold().getAsBoolean());

      boolean sure = progress.isSurelyOurs();
      still.letGo.countDown();
      assertThat(sure).isFalse();
    }
  }

  private void accept(Store store) {
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
                now.plus(Duration.ofHours(1))));
  }
}
