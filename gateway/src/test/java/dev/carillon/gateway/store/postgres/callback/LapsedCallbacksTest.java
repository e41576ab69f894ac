package dev.carillon.gateway.store.postgres.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.TaskState.Succeeded;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.postgres.Orders;
import dev.carillon.gateway.store.postgres.PostgresBench;
import dev.carillon.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Callbacks of a node that gave no sign for its lease and is back.
final class LapsedCallbacksTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int MANY = 20;

  private final InstantSource clock = InstantSource.system();
  private final Ids ids = new Ids(clock, new SplittableRandom(67));
  private final Owner owner = Orders.owner(ids);

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path folder;

  @AfterEach
  void clean() {
    PostgresBench.clean(folder);
  }

  @Test
  void what_others_sent_meanwhile_is_not_handed_out() throws InterruptedException {
    try (var line = PostgresBench.line();
        var node = line.open(folder, clock, ids, PostgresBench.SHORT_LEASE)) {
      for (int i = 0; i < MANY; i++) {
        end(node);
      }
      line.cut();
      Await.until("its lease has lapsed", SOON, () -> PostgresBench.hasLapsed(node));
      try (var other = PostgresBench.open(folder, clock, ids)) {
        sendAll(other);
        line.mend();
        // At once, as what waits is looked through soon after.
        assertTimeoutPreemptively(SOON, () -> spinUntil(() -> node.tasks().hold().getAsBoolean()));

        assertThat(claim(node)).isEmpty();
        Await.until("nothing waits", SOON, () -> node.deliveries().pendingDeliveries() == 0);
        assertThat(claim(node)).isEmpty();
      }
    }
  }

  private static void spinUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  private void end(Store store) throws InterruptedException {
    store.tasks().accept(Orders.calling(owner, ids));
    Claim claim = store.tasks().claim(1, SOON).getFirst();
    Instant now = clock.instant();
    var succeeded = new Succeeded(now, now, new Answer("{}"));
    assertThat(store.tasks().settle(claim, succeeded)).isPresent();
  }

  private void sendAll(Store store) throws InterruptedException {
    int sent = 0;
    while (sent < MANY) {
      List<Dispatch> some = store.deliveries().claimDeliveries(_ -> MANY, MANY, SOON);
      assertThat(some).isNotEmpty();
      for (Dispatch one : some) {
        var receipt =
            new Receipt(
                clock.instant(), Duration.ZERO, 200, Optional.empty(), "", new Next.Delivered());
        store.deliveries().recordAttempt(one, receipt);
        sent++;
      }
    }
  }

  private static List<Dispatch> claim(Store store) throws InterruptedException {
    return store.deliveries().claimDeliveries(_ -> MANY, MANY, Duration.ZERO);
  }
}
