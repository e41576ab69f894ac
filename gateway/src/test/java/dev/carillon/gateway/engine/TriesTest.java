package dev.carillon.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.testkit.HandClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Who of a line tries, and when. Each of many that try a full provider at a time takes the room
/// that an end made for another, which then tries in vain and loses its turn in the end.
class TriesTest {
  private static final Duration FULL = Duration.ofSeconds(2);

  private final HandClock clock = new HandClock();
  private final Ids ids = new Ids(clock, new SplittableRandom(5));
  private final Lines lines = new Lines(_ -> Turns.Share.EQUAL, _ -> "provider", clock::elapsed);

  /// A task of an application of its own.
  private Claim claim() {
    Order order =
        new Order(
            new TaskId(ids.next()),
            new Owner(
                new AccountId(ids.next()),
                new ApplicationId(ids.next()),
                new CredentialId(ids.next())),
            "midjourney",
            "/midjourney/imagine",
            "imagine",
            "trace",
            clock.instant(),
            "{}",
            Optional.empty(),
            Money.ZERO,
            clock.instant().plus(Duration.ofHours(1)));
    return Claim.first(new Task(order, new TaskState.Queued(), Task.Settlement.HELD));
  }

  private Claim standing() {
    Claim claim = claim();
    assertThat(lines.joins(claim)).isTrue();
    return claim;
  }

  private static Claim begun(Claim claim) {
    return claim.at("job");
  }

  /// A line of a provider that is full for a while.
  private Claim full() {
    Claim first = claim();
    assertThat(lines.turnedAway(first, FULL)).isEmpty();
    return first;
  }

  private List<Claim> afterAnEnd() throws InterruptedException {
    lines.ended();
    return lines.await();
  }

  /// The pause is over, and it tries whether there is room.
  private void probed(Claim first) throws InterruptedException {
    clock.advance(FULL.multipliedBy(2));
    assertThat(lines.await()).as("there may be room").containsExactly(first);
  }

  /// There was room for it, so there may be more.
  private List<Claim> drawnBy(Claim first) throws InterruptedException {
    probed(first);
    return lines.next(begun(first), false);
  }

  @Test
  void another_tries_where_one_was_turned_away_and_no_third() throws Exception {
    Claim first = full();
    Claim second = standing();
    Claim third = standing();

    assertThat(afterAnEnd()).containsExactly(first);
    assertThat(lines.turnedAway(first, FULL)).containsExactly(second);
    assertThat(lines.turnedAway(second, FULL)).isEmpty();

    assertThat(afterAnEnd()).as("it kept its turn").containsAnyOf(first, second);
    assertThat(lines.find(third.task().id())).isPresent();
  }

  @Test
  void nobody_tries_in_the_stead_of_one_whose_room_a_guess_took() throws Exception {
    Claim first = full();
    Claim second = standing();
    Claim third = standing();
    assertThat(drawnBy(first)).containsExactly(second, third);
    Claim fourth = standing();
    Claim fifth = standing();
    assertThat(afterAnEnd()).containsExactly(fourth);
    assertThat(lines.turnedAway(fourth, FULL)).as("a guess took its room").isEmpty();
    assertThat(afterAnEnd()).as("it kept its turn").containsExactly(fourth);
    assertThat(lines.find(fifth.task().id())).isPresent();
  }

  @Test
  void guessing_ends_with_the_first_that_is_turned_away() throws Exception {
    Claim first = full();
    Claim second = standing();
    Claim third = standing();
    Claim fourth = standing();
    assertThat(drawnBy(first)).containsExactly(second, third);

    assertThat(lines.turnedAway(second, FULL)).isEmpty();
    assertThat(lines.next(begun(third), false)).as("it was the last room").isEmpty();
    assertThat(lines.find(fourth.task().id())).isPresent();
  }

  @Test
  void all_ends_are_used_however_many_come_at_once() throws Exception {
    Claim first = full();
    for (int other = 0; other < 19; other++) {
      var _ = standing();
    }
    for (int end = 0; end < 20; end++) {
      lines.ended();
    }

    Deque<Claim> trying = new ArrayDeque<>(lines.await());
    assertThat(trying).contains(first).hasSizeLessThan(20);
    int taken = 0;
    for (Claim one = trying.poll(); one != null; one = trying.poll()) {
      taken++;
      trying.addAll(lines.next(begun(one), false));
    }
    assertThat(taken).isEqualTo(20);
  }

  @Test
  void one_that_tries_instead_of_another_draws_others_too() throws Exception {
    Claim first = full();
    Claim second = standing();
    Claim third = standing();
    Claim fourth = standing();
    probed(first);

    assertThat(lines.turnedAway(first, FULL)).containsExactly(second);
    assertThat(lines.next(begun(second), false))
        .as("it was turned away for a reason of its own")
        .hasSize(2)
        .containsAnyOf(first, third, fourth);
  }

  /// Its provider has one place, which a guess took.
  @Test
  void the_end_of_what_a_guess_took_is_not_wasted_on_one_that_is_always_turned_away()
      throws Exception {
    Claim guessing = full();
    Claim always = standing();
    Claim other = standing();
    assertThat(drawnBy(guessing)).containsExactly(always, other);
    assertThat(lines.turnedAway(other, FULL)).isEmpty();
    assertThat(lines.turnedAway(always, FULL)).isEmpty();
    clock.advance(Duration.ofSeconds(1));

    List<Claim> after = afterAnEnd();
    assertThat(after).containsAnyOf(always, other);
    assertThat(lines.turnedAway(after.getFirst(), FULL)).as("the other tries instead").hasSize(1);
  }
}
