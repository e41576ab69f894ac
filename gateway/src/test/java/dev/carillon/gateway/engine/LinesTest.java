package dev.carillon.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.SteadyClock;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.upstream.Upstream;
import dev.carillon.testkit.Await;
import dev.carillon.testkit.HandClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who is taken next where the engine has room for all, and the provider for few.
final class LinesTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration LONG = Duration.ofHours(1);

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  private final Narrow provider = new Narrow();

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
    HandClock clock = customers.clock;
    Worker worker = new Worker(customers.store, provider, clock, (_, _) -> {});
    // Goes on by itself, and with the clock that is moved by hand.
    SteadyClock steady = () -> SteadyClock.SYSTEM.elapsed().plus(clock.elapsed());
    engine = new Engine(new EngineConfig(10_000), customers.store, worker, steady);
  }

  @AfterEach
  void close() {
    engine.close();
    customers.close();
  }

  /// A provider with few places, in which jobs stay until they are let go.
  private static final class Narrow implements Upstream {
    private final List<Claim> taken = new CopyOnWriteArrayList<>();
    private final Set<TaskId> inside = new HashSet<>();
    private final Set<TaskId> done = new HashSet<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile int places = 1;
    private volatile Duration pause = LONG;
    private volatile Set<ApplicationId> refused = Set.of();

    @Override
    public synchronized Outcome run(Claim claim, Progress progress) {
      TaskId task = claim.task().id();
      if (done.contains(task)) {
        return new Outcome.Done(new Answer("{}"));
      }
      if (!inside.contains(task)) {
        asked.incrementAndGet();
        if (inside.size() >= places || refused.contains(owner(claim))) {
          return new Outcome.Full(pause);
        }
        inside.add(task);
        taken.add(claim);
      }
      return new Outcome.Wait("job", Duration.ofMillis(20), 0);
    }

    synchronized void finish(Claim claim) {
      done.add(claim.task().id());
    }

    @Override
    public synchronized void ended(TaskId task) {
      inside.remove(task);
    }

    @Override
    public CancelAnswer cancel(Claim claim) {
      return CancelAnswer.CONFIRMED;
    }

    private List<ApplicationId> owners() {
      return taken.stream().map(LinesTest::owner).toList();
    }

    /// Ends what was taken, one after the other, until so many were taken.
    private void endUntil(int count) {
      for (int ended = 0; taken.size() < count; ended++) {
        int next = ended;
        Await.until("job " + next + " is taken", SOON, () -> taken.size() > next);
        finish(taken.get(next));
        if (next + 1 < count) {
          Await.until("another is taken", SOON, () -> taken.size() > next + 1);
        }
      }
    }
  }

  private static ApplicationId owner(Claim claim) {
    return claim.task().order().owner().application();
  }

  private void awaitWaiting(int count) {
    Await.until(count + " wait", SOON, () -> engine.waiting() == count);
  }

  private TaskState state(TaskId id) {
    return customers.store.tasks().find(id).orElseThrow().state();
  }

  @Test
  void the_first_task_of_an_application_gets_the_next_place_however_many_of_another_wait() {
    engine.start();
    customers.accept(heavy, 300);
    awaitWaiting(299);
    provider.endUntil(5);
    awaitWaiting(295);
    customers.accept(light, 1);
    awaitWaiting(296);

    provider.finish(provider.taken.getLast());
    Await.until("the place is taken", SOON, () -> provider.taken.size() == 6);

    assertThat(provider.owners()).containsExactly(heavy, heavy, heavy, heavy, heavy, light);
  }

  @Test
  void one_that_is_always_turned_away_does_not_keep_the_others_from_their_places() {
    provider.refused = Set.of(light);
    engine.start();
    customers.accept(heavy, 1);
    Await.until("the place is taken", SOON, () -> provider.taken.size() == 1);
    customers.accept(heavy, 20);
    awaitWaiting(20);
    customers.accept(light, 1);
    awaitWaiting(21);

    provider.endUntil(15);

    assertThat(provider.owners()).doesNotContain(light);
  }

  @Test
  void many_that_are_always_turned_away_do_not_stay_at_the_head() {
    provider.refused =
        Set.of(
            light,
            customers.application("a"),
            customers.application("b"),
            customers.application("c"));
    provider.pause = Duration.ofMillis(20);
    engine.start();
    customers.accept(heavy, 1);
    Await.until("the place is taken", SOON, () -> provider.taken.size() == 1);
    customers.accept(heavy, 10);
    awaitWaiting(10);
    provider.refused.forEach(one -> customers.accept(one, 1));
    awaitWaiting(14);

    provider.endUntil(4);

    assertThat(provider.owners()).containsOnly(heavy);
  }

  @Test
  void places_follow_the_weights() {
    customers.limit(heavy, Optional.empty(), Optional.of(3));
    engine.start();
    customers.accept(heavy, 40);
    customers.accept(light, 40);
    awaitWaiting(79);

    // Ten rounds, the one that was running first, and no end of a round near the last.
    provider.endUntil(43);

    assertThat(provider.owners().stream().filter(light::equals).count())
        .as("%s", provider.owners().stream().map(one -> one.equals(light) ? "l" : "h").toList())
        .isBetween(10L, 11L);
  }

  @Test
  void an_application_is_served_in_the_order_in_which_it_came() {
    engine.start();
    customers.accept(heavy, 20);
    awaitWaiting(19);

    provider.endUntil(12);

    // Those that came together before there was a line asked at the same time.
    assertThat(provider.taken.subList(1, 12).stream().map(claim -> claim.task().id().toString()))
        .isSorted();
  }

  @Test
  void many_that_wait_do_not_ask_again_and_again() {
    engine.start();
    customers.accept(heavy, 200);
    awaitWaiting(199);
    int before = provider.asked.get();

    provider.endUntil(11);
    awaitWaiting(189);

    assertThat(provider.asked.get() - before).isLessThan(60);
  }

  @Test
  void what_became_free_unheard_is_found_when_the_pause_is_over() {
    engine.start();
    customers.accept(heavy, 60);
    awaitWaiting(59);

    provider.places = 50;
    customers.clock.advance(LONG);

    Await.until("all places are taken", SOON, () -> provider.taken.size() == 50);
  }

  /// How many of one owner came one after the other at most.
  private static int longestRun(List<ApplicationId> owners) {
    int longest = 0;
    int run = 0;
    for (int i = 0; i < owners.size(); i++) {
      run = i > 0 && owners.get(i).equals(owners.get(i - 1)) ? run + 1 : 1;
      longest = Math.max(longest, run);
    }
    return longest;
  }

  @Test
  void trying_in_vain_adds_no_turns_up() {
    provider.pause = Duration.ofMillis(1);
    engine.start();
    customers.accept(heavy, 60);
    awaitWaiting(59);
    customers.accept(light, 60);
    awaitWaiting(119);
    int before = provider.asked.get();
    Await.until("many tried", SOON, () -> provider.asked.get() > before + 30);
    provider.pause = LONG;

    provider.endUntil(21);

    assertThat(longestRun(provider.owners())).isLessThanOrEqualTo(3);
  }

  @Test
  void a_new_task_stands_behind_those_that_wait() {
    engine.start();
    customers.accept(heavy, 1);
    Await.until("the place is taken", SOON, () -> provider.taken.size() == 1);
    customers.accept(heavy, 1);
    Await.until("it tried again", SOON, () -> provider.asked.get() == 3);
    awaitWaiting(1);

    provider.places = 2; // of which nobody heard
    customers.accept(light, 1);
    awaitWaiting(2);

    assertThat(provider.taken).hasSize(1);
  }

  @Test
  void one_that_waits_for_a_place_can_be_cancelled() {
    engine.start();
    customers.accept(heavy, 1);
    Await.until("the place is taken", SOON, () -> provider.taken.size() == 1);
    TaskId waits = customers.accept(heavy, LONG.multipliedBy(5));
    awaitWaiting(1);

    // The store shows it as begun, as a provider that begins tells that before it turns one away.
    customers.store.tasks().requestCancel(waits, heavy, customers.clock.instant());

    Await.until("it is cancelled", SOON, () -> state(waits) instanceof TaskState.Cancelled);
    awaitWaiting(0);
  }

  @Test
  void one_that_waits_for_a_place_expires_in_time() {
    engine.start();
    customers.accept(heavy, 1);
    Await.until("the place is taken", SOON, () -> provider.taken.size() == 1);
    TaskId late = customers.accept(heavy, Duration.ofMinutes(1));
    awaitWaiting(1);

    customers.clock.advance(Duration.ofMinutes(2));

    Await.until("it expired", SOON, () -> state(late) instanceof TaskState.Expired);
    awaitWaiting(0);
  }

  @Test
  void one_that_waits_for_a_place_does_not_count_as_running() {
    customers.limit(heavy, Optional.of(2), Optional.empty());
    provider.places = 1;
    engine.start();
    customers.accept(light, 1);
    Await.until("the place is taken", SOON, () -> provider.taken.size() == 1);
    customers.accept(heavy, 5);
    awaitWaiting(5);

    provider.places = 10;
    provider.finish(provider.taken.getFirst());

    Await.until("as many run as may", SOON, () -> provider.taken.size() == 3);
    provider.finish(provider.taken.get(1));
    Await.until("one more runs", SOON, () -> provider.taken.size() == 4);
  }
}
