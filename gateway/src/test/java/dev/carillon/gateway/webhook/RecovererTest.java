package dev.carillon.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.Recovery;
import dev.carillon.gateway.domain.callback.RecoveryId;
import dev.carillon.gateway.store.RecoveryStore;
import dev.carillon.testkit.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// In which order what endpoints missed is sent, and what ends it.
final class RecovererTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final int PAGES = 3;

  private final Pages pages = new Pages();

  @Test
  void large_ones_take_turns() {
    pages.add(1);
    pages.add(2);

    try (var recoverer = new Recoverer(pages)) {
      recoverer.start();
      Await.until("all is sent", SOON, () -> pages.done().size() == 2 * PAGES);
    }

    assertThat(pages.done()).containsExactly(1, 2, 1, 2, 1, 2);
  }

  @Test
  void one_that_fails_is_put_off_and_stops_no_other() {
    pages.add(Pages.BROKEN);
    pages.add(1);

    try (var recoverer = new Recoverer(pages)) {
      recoverer.start();
      Await.until("the other is sent", SOON, () -> pages.done().size() == PAGES);
    }

    assertThat(pages.done()).containsExactly(1, 1, 1);
    assertThat(pages.putOff()).containsExactly(Pages.BROKEN);
  }

  @Test
  void closing_waits_for_the_page_under_way() throws InterruptedException {
    pages.add(Pages.SLOW);
    var recoverer = new Recoverer(pages);
    recoverer.start();
    assertThat(pages.begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();

    Thread closing = Thread.ofVirtual().start(recoverer::close);
    Await.until("closing waits", SOON, () -> closing.getState() == Thread.State.TIMED_WAITING);
    assertThat(pages.done()).isEmpty();
    pages.goOn.countDown();

    assertThat(closing.join(SOON)).isTrue();
    assertThat(pages.done()).containsExactly(Pages.SLOW);
  }

  /// Recoveries of a few pages in memory, known by small numbers.
  private static final class Pages implements RecoveryStore {
    static final int BROKEN = 100;
    static final int SLOW = 101;

    private final List<Recovery> due = new ArrayList<>(); // guarded by this
    private final List<Integer> done = new ArrayList<>(); // guarded by this
    private final List<Integer> putOff = new ArrayList<>(); // guarded by this
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    synchronized void add(int number) {
      due.add(recovery(number, 0));
    }

    synchronized List<Integer> done() {
      return List.copyOf(done);
    }

    synchronized List<Integer> putOff() {
      return List.copyOf(putOff);
    }

    private static Recovery recovery(int number, int count) {
      return new Recovery(
          new RecoveryId(new UUID(7, number)),
          new ApplicationId(new UUID(7, 0)),
          new EndpointId(new UUID(7, 1)),
          NOW,
          count,
          count,
          NOW,
          count == PAGES ? Optional.of(NOW) : Optional.empty());
    }

    private static int number(Recovery recovery) {
      return (int) recovery.id().value().getLeastSignificantBits();
    }

    @Override
    public Recovery goOn(Recovery before, Duration hold) {
      int number = number(before);
      if (number == BROKEN) {
        throw new IllegalStateException("a row that cannot be read");
      }
      begun.countDown();
      if (number == SLOW) {
        awaitGoOn();
      }
      synchronized (this) {
        done.add(number);
        Recovery after = recovery(number, before.count() + 1);
        due.remove(before);
        if (!after.isDone()) {
          due.add(after);
        }
        return after;
      }
    }

    private void awaitGoOn() {
      try {
        assertThat(goOn.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException cutOff) {
        throw new IllegalStateException(cutOff);
      }
    }

    @Override
    public synchronized void putOff(Recovery recovery, Duration pause) {
      due.remove(recovery);
      putOff.add(number(recovery));
    }

    @Override
    public synchronized List<Recovery> due(int max) {
      return due.stream().limit(max).toList();
    }

    @Override
    public Optional<Recovery> begin(Wanted wanted, int most) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Recovery> recovery(RecoveryId id, ApplicationId application) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Missed> missed(
        EndpointId id, ApplicationId application, Instant since, int events) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int forget(Instant endedBefore, int max) {
      throw new UnsupportedOperationException();
    }
  }
}
