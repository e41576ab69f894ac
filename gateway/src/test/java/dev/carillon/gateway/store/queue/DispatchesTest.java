package dev.carillon.gateway.store.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.carillon.gateway.delivery.Tasks;
import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.store.queue.DispatchReader.Page;
import dev.carillon.testkit.HandClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class DispatchesTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration DAY = Duration.ofDays(1);

  private final HandClock clock = new HandClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final Dispatches dispatches = new Dispatches(clock, 1_000, Duration.ofMillis(5));
  private final Destination destination = another().destination();

  /// Stands for the file, in which one delivery waits until tomorrow.
  private final Thread reader = Thread.ofVirtual().unstarted(this::read);

  private void read() {
    try {
      while (true) {
        dispatches.read(dispatches.awaitWish(), Page.until(List.of(), tomorrow()));
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
    dispatches.read(dispatches.awaitWish(), Page.before(List.of(), List.of()));

    dispatches.closed(destination, false);

    Wish again = assertTimeoutPreemptively(LIMIT, dispatches::awaitWish);
    assertThat(again.destination()).isEqualTo(destination);
  }

  @Test
  void a_delivery_that_is_here_when_the_file_shows_it_does_not_have_the_file_read_again()
      throws Exception {
    List<Dispatch> fresh = fresh(Page.COMING - 1);
    Wish wish = wish();
    fresh.forEach(dispatches::add);
    clock.advance(Duration.ofMillis(1));
    var coming = coming(fresh);
    coming.add(new Page.Coming(new DeliveryId(new UUID(7, 7)), tomorrow()));

    dispatches.read(wish, Page.before(List.of(), coming));

    assertThat(dispatches.take(_ -> fresh.size(), fresh.size(), 0)).isEqualTo(fresh);
    dispatches.add(another());
    assertThat(dispatches.take(_ -> 1, 1, 0)).hasSize(1);
    assertThat(dispatches.alarms()).isEqualTo(1);
    clock.advance(DAY);
    dispatches.closed(destination, false);
    assertThat(assertTimeoutPreemptively(LIMIT, dispatches::awaitWish).now())
        .isEqualTo(clock.millis());
  }

  @Test
  void behind_as_many_as_are_read_there_may_be_others() throws Exception {
    List<Dispatch> fresh = fresh(Page.COMING);
    Wish wish = wish();
    fresh.forEach(dispatches::add);
    clock.advance(Duration.ofMillis(1));

    dispatches.read(wish, Page.before(List.of(), coming(fresh)));
    clock.advance(Duration.ofMillis(1));

    assertThat(dispatches.take(_ -> fresh.size(), fresh.size(), 0)).isEqualTo(fresh);
    Wish again = assertTimeoutPreemptively(LIMIT, dispatches::awaitWish);
    assertThat(again.destination()).isEqualTo(destination);
  }

  @Test
  void what_is_put_back_is_first_again_and_is_not_read() throws Exception {
    List<Dispatch> fresh = fresh(3);
    fresh.forEach(dispatches::add);
    List<Dispatch> taken = dispatches.take(_ -> 2, 2, 0);
    taken.reversed().forEach(dispatches::putBack);

    assertThat(dispatches.take(_ -> 3, 3, 0)).isEqualTo(fresh);
    assertThat(dispatches.alarms()).isZero();
  }

  @Test
  void what_is_put_back_for_an_endpoint_that_closed_meanwhile_is_left_to_the_file()
      throws Exception {
    List<Dispatch> fresh = fresh(1);
    fresh.forEach(dispatches::add);
    List<Dispatch> taken = dispatches.take(_ -> 1, 1, 0);
    dispatches.closed(destination, true);
    taken.forEach(dispatches::putBack);

    dispatches.closed(destination, false);

    Wish again = assertTimeoutPreemptively(LIMIT, dispatches::awaitWish);
    assertThat(again.leave()).isEmpty();
  }

  @Test
  void what_is_read_while_all_is_forgotten_is_read_again() throws Exception {
    List<Dispatch> found = fresh(1);
    Wish wish = wish();
    dispatches.clear();

    dispatches.read(wish, Page.before(found, List.of()));

    Wish again = assertTimeoutPreemptively(LIMIT, dispatches::awaitWish);
    assertThat(again.leave()).isEmpty();
    dispatches.read(again, Page.before(found, List.of()));
    assertThat(dispatches.take(_ -> 1, 1, 0)).isEqualTo(found);
  }

  @Test
  void what_is_read_while_its_endpoint_moves_is_read_again() throws Exception {
    List<Dispatch> found = fresh(2);
    Wish wish = wish();
    dispatches.moved(destination);

    dispatches.read(wish, Page.before(found.subList(0, 1), List.of()));

    Wish again = assertTimeoutPreemptively(LIMIT, dispatches::awaitWish);
    assertThat(again.leave()).isEmpty();
    dispatches.read(again, Page.before(found.subList(1, 2), List.of()));
    assertThat(dispatches.take(_ -> 2, 2, 0)).isEqualTo(found.subList(1, 2));
  }

  @Test
  void what_waits_is_read_again_when_its_endpoint_moves_and_what_was_tried_meanwhile_too()
      throws Exception {
    List<Dispatch> fresh = fresh(2);
    fresh.forEach(dispatches::add);
    List<Dispatch> tried = dispatches.take(_ -> 1, 1, 0);
    dispatches.moved(destination);
    Wish again = assertTimeoutPreemptively(LIMIT, dispatches::awaitWish);
    assertThat(again.leave()).containsExactly(fresh.getFirst().id());
    dispatches.read(again, Page.before(fresh.subList(1, 2), List.of()));

    tried.forEach(dispatches::putBack);
    assertThat(dispatches.take(_ -> 2, 2, 0)).isEqualTo(fresh.subList(1, 2));
    Wish last = assertTimeoutPreemptively(LIMIT, dispatches::awaitWish);
    dispatches.read(last, Page.before(tried, List.of()));
    dispatches.take(_ -> 2, 2, 0).forEach(dispatches::putBack);
    assertThat(dispatches.take(_ -> 2, 2, 0)).isEqualTo(tried);
  }

  /// What is read while nothing is here.
  private Wish wish() throws InterruptedException {
    dispatches.due(destination, clock.millis(), 0);
    dispatches.closed(destination, false);
    return assertTimeoutPreemptively(LIMIT, dispatches::awaitWish);
  }

  private long tomorrow() {
    return clock.instant().plus(DAY).toEpochMilli();
  }

  private List<Page.Coming> coming(List<Dispatch> fresh) {
    return fresh.stream()
        .map(dispatch -> new Page.Coming(dispatch.id(), clock.millis()))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private List<Dispatch> fresh(int count) {
    return IntStream.range(0, count).mapToObj(_ -> another()).toList();
  }

  private Dispatch another() {
    return Tasks.dispatch("https://caller.example/hook");
  }
}
