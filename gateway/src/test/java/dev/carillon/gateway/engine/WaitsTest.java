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
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Waiting for providers: each task has one time, and no thread.
@Timeout(60)
class WaitsTest {
  private final HandClock clock = new HandClock();
  private final SplittableRandom random = new SplittableRandom(11);
  private final Ids ids = new Ids(clock, random);
  private final Waits waits = new Waits(clock, clock::elapsed);

  private Claim claim(Duration patience) {
    Owner owner =
        new Owner(
            new AccountId(ids.next()), new ApplicationId(ids.next()), new CredentialId(ids.next()));
    Order order =
        new Order(
            new TaskId(ids.next()),
            owner,
            "s",
            "/s/e",
            "e",
            "t",
            clock.instant(),
            "{}",
            Optional.empty(),
            Money.ZERO,
            clock.instant().plus(patience));
    return new Claim(
        new Task(order, new TaskState.Queued(), Task.Settlement.HELD), 1, 1, Optional.empty());
  }

  @Test
  void a_hundred_thousand_are_taken_in_the_order_of_their_times() throws Exception {
    int threads = Thread.activeCount();
    for (int task = 0; task < 100_000; task++) {
      waits.put(claim(Duration.ofHours(1)), Duration.ofMillis(random.nextInt(60_000)));
    }
    assertThat(waits.size()).isEqualTo(100_000);
    assertThat(Thread.activeCount()).isEqualTo(threads);

    clock.advance(Duration.ofMinutes(1));
    for (int task = 0; task < 100_000; task++) {
      waits.<Claim>takeDue(claim -> claim);
    }

    assertThat(waits.size()).isZero();
  }

  @Test
  void a_deadline_goes_before_a_later_look() throws Exception {
    Claim late = claim(Duration.ofHours(2));
    Claim due = claim(Duration.ofSeconds(10));
    waits.put(late, Duration.ofSeconds(60));
    waits.put(due, Duration.ofSeconds(3_000));

    clock.advance(Duration.ofSeconds(70));

    assertThat(waits.<Claim>takeDue(claim -> claim)).isSameAs(due);
    assertThat(waits.<Claim>takeDue(claim -> claim)).isSameAs(late);
  }

  @Test
  void what_is_taken_out_of_its_turn_is_not_taken_again() throws Exception {
    Claim gone = claim(Duration.ofHours(1));
    Claim stays = claim(Duration.ofHours(1));
    waits.put(gone, Duration.ZERO);
    waits.put(stays, Duration.ofSeconds(1));

    assertThat(waits.take(gone.task().id())).contains(gone);
    assertThat(waits.take(gone.task().id())).isEmpty();
    clock.advance(Duration.ofSeconds(2));

    assertThat(waits.<Claim>takeDue(claim -> claim)).isSameAs(stays);
  }

  @Test
  void a_wait_that_began_while_the_clock_was_ahead_is_no_longer_than_it_was_meant_to_be()
      throws Exception {
    clock.jump(Duration.ofHours(1));
    Claim claimed = claim(Duration.ofHours(2));
    waits.put(claimed, Duration.ofSeconds(5));
    clock.jump(Duration.ofHours(-1));
    clock.advance(Duration.ofSeconds(5));

    assertThat(waits.<Claim>takeDue(claim -> claim)).isSameAs(claimed);
  }

  @Test
  void a_wait_is_no_shorter_either_when_the_clock_jumps_ahead() throws Exception {
    Claim later = claim(Duration.ofHours(2));
    Claim sooner = claim(Duration.ofHours(2));
    waits.put(later, Duration.ofSeconds(60));
    waits.put(sooner, Duration.ofSeconds(30));

    clock.jump(Duration.ofHours(1));
    clock.advance(Duration.ofSeconds(30));

    assertThat(waits.<Claim>takeDue(claim -> claim)).isSameAs(sooner);
    Claim between = claim(Duration.ofHours(2));
    waits.put(between, Duration.ofSeconds(29));
    clock.advance(Duration.ofSeconds(30));
    assertThat(waits.<Claim>takeDue(claim -> claim)).isSameAs(between);
    assertThat(waits.<Claim>takeDue(claim -> claim)).isSameAs(later);
  }

  @Test
  void a_deadline_is_the_calendars_whatever_that_was_when_the_wait_began() throws Exception {
    clock.jump(Duration.ofHours(-1));
    Claim claimed = claim(Duration.ofMinutes(90));
    Claim other = claim(Duration.ofHours(9));
    waits.put(claimed, Duration.ofHours(5));
    waits.put(other, Duration.ofHours(1));

    clock.jump(Duration.ofHours(1));
    clock.advance(Duration.ofMinutes(31));

    assertThat(waits.<Claim>takeDue(claim -> claim)).isSameAs(claimed);
    clock.advance(Duration.ofMinutes(29));
    assertThat(waits.<Claim>takeDue(claim -> claim)).isSameAs(other);
  }
}
