package dev.carillon.gateway.store.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.testkit.HandClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DispatchesTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration DAY = Duration.ofDays(1);

  private final HandClock clock = new HandClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final Dispatches dispatches = new Dispatches(clock, 1_000, Duration.ofMillis(5));
  private final Destination destination =
      new Destination(new ApplicationId(new UUID(1, 1)), "https://caller.example:443");

  /// Stands for the file, in which one delivery waits until tomorrow.
  private final Thread reader = Thread.ofVirtual().unstarted(this::read);

  private void read() {
    long tomorrow = clock.instant().plus(DAY).toEpochMilli();
    try {
      while (true) {
        dispatches.read(dispatches.awaitWish(), List.of(), tomorrow);
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    reader.interrupt();
    if (reader.getState() != Thread.State.NEW) {
      reader.join();
    }
  }

  @Test
  void a_destination_that_is_read_again_and_again_takes_no_more_room() throws Exception {
    reader.start();

    for (int i = 0; i < 100; i++) {
      clock.advance(Duration.ofMillis(1));
      dispatches.due(destination, clock.millis(), 1);
      assertThat(dispatches.take(_ -> 1, 1, 0)).isEmpty();
    }

    assertThat(dispatches.alarms()).isEqualTo(1);
  }

  @Test
  void what_was_read_for_an_endpoint_that_closed_meanwhile_is_read_again_when_it_opens()
      throws Exception {
    dispatches.due(destination, clock.millis(), 1);
    dispatches.closed(destination, false);
    dispatches.closed(destination, true);
    dispatches.read(dispatches.awaitWish(), List.of(), DestinationQueue.NEVER);

    dispatches.closed(destination, false);

    Wish again = assertTimeoutPreemptively(LIMIT, dispatches::awaitWish);
    assertThat(again.destination()).isEqualTo(destination);
  }
}
