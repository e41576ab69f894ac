package dev.carillon.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Finalizer;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.SteadyClock;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.upstream.Providers;
import dev.carillon.gateway.upstream.Router;
import dev.carillon.gateway.upstream.sandbox.Sandbox;
import dev.carillon.gateway.upstream.sandbox.SandboxProvider;
import dev.carillon.gateway.upstream.sandbox.media.Seal;
import dev.carillon.gateway.upstream.sandbox.media.Studio;
import dev.carillon.gateway.upstream.sandbox.media.StudioConfig;
import dev.carillon.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Somebody sets the clock of a node by an hour, ahead, back and behind, while it works. Time goes
/// on as it does, so what waits for seconds has to be through in seconds.
class ClockJumpsTest {
  private static final List<Duration> JUMPS =
      List.of(Duration.ofHours(1), Duration.ZERO, Duration.ofHours(-1), Duration.ZERO);

  /// Nothing expires by a jump.
  private static final Duration PATIENCE = Duration.ofHours(5);

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  /// A calendar that can be set while real time goes on.
  private static final class Calendar implements InstantSource {
    private volatile Duration off = Duration.ZERO;

    @Override
    public Instant instant() {
      return InstantSource.system().instant().plus(off);
    }
  }

  @Test
  void what_waits_for_its_provider_is_looked_at_in_its_time() {
    var calendar = new Calendar();
    try (var bench = new Bench(folder, calendar)) {
      bench.work =
          (claim, progress) -> {
            if (claim.upstreamRef().isEmpty()) {
              progress.note("job");
              return new Outcome.Wait("job", Bench.SHORT, 0);
            }
            return new Outcome.Done(new Answer("{}"));
          };
      bench.start();
      awaitAll(bench, acceptedWhileJumping(bench, calendar, task -> isShown(bench, task)));
    }
  }

  @Test
  void what_nobody_took_is_offered_again_in_its_time() {
    var calendar = new Calendar();
    try (var bench = new Bench(folder, calendar)) {
      var turns = new ConcurrentHashMap<TaskId, Boolean>();
      bench.work =
          (claim, _) ->
              turns.put(claim.task().id(), true) == null
                  ? new Outcome.Wait("", Bench.SHORT, 0)
                  : new Outcome.Done(new Answer("{}"));
      bench.start();
      awaitAll(bench, acceptedWhileJumping(bench, calendar, task -> turns.containsKey(task.id())));
    }
  }

  @Test
  void what_the_sandbox_thinks_about_is_ready_in_its_time() {
    var calendar = new Calendar();
    try (var studio = new Studio(StudioConfig.in(folder.resolve("s")), new Seal(new byte[32]));
        var bench = new Bench(folder, calendar)) {
      var sandbox = new Sandbox(studio, 1, calendar, SteadyClock.SYSTEM);
      var router =
          new Router(new SandboxProvider(sandbox, calendar), List.of(), new SplittableRandom(1));
      bench.asked =
          new Providers(Catalog.load(Optional.empty()), router, () -> "http://g", calendar);
      bench.request = "{\"prompt\":\"x [[sandbox take=700ms]]\"}";
      bench.start(Finalizer.NONE, Bench.LONG, 4);
      awaitAll(bench, acceptedWhileJumping(bench, calendar, task -> isShown(bench, task)));
    }
  }

  /// A few tasks at each setting of the clock, which is set again once they wait.
  private static List<Task> acceptedWhileJumping(
      Bench bench, Calendar calendar, Predicate<Task> begun) {
    var tasks = new ArrayList<Task>();
    for (Duration off : JUMPS) {
      calendar.off = off;
      for (int task = 0; task < 5; task++) {
        tasks.add(bench.accepted(PATIENCE));
      }
      Await.until("all have begun", Bench.SOON, () -> tasks.stream().allMatch(begun));
    }
    return tasks;
  }

  private static boolean isShown(Bench bench, Task task) {
    return !bench.is(task, TaskState.Queued.class);
  }

  private static void awaitAll(Bench bench, List<Task> tasks) {
    tasks.forEach(task -> bench.awaitState(task, TaskState.Succeeded.class));
    assertThat(tasks).hasSize(20);
  }
}
