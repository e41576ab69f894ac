package dev.carillon.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.EventType;
import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Finalizer;
import dev.carillon.gateway.domain.SteadyClock;
import dev.carillon.gateway.domain.Task;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tasks at the sandbox wait as those at real providers do.
class SandboxWaitsTest {
  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Bench bench;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Studio studio;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Sandbox sandbox;

  @BeforeEach
  void open() {
    InstantSource clock = InstantSource.system();
    studio = new Studio(StudioConfig.in(folder.resolve("studio")), new Seal(new byte[32]));
    sandbox = new Sandbox(studio, 1, clock, SteadyClock.SYSTEM);
    var router =
        new Router(new SandboxProvider(sandbox, clock), List.of(), new SplittableRandom(1));
    bench = new Bench(folder);
    bench.asked =
        new Providers(Catalog.load(Optional.empty()), router, () -> "http://gateway", clock);
  }

  @AfterEach
  void close() {
    bench.close();
    studio.close();
  }

  private Task accepted(String words) {
    bench.request = "{\"prompt\":\"x [[sandbox %s]]\"}".formatted(words);
    return bench.accepted(Bench.LONG);
  }

  @Test
  void many_wait_without_a_thread_or_a_place_and_each_can_be_cancelled() {
    Engine engine = bench.start(Finalizer.NONE, Bench.LONG, 1);
    var tasks = new ArrayList<Task>();
    for (int task = 0; task < 200; task++) {
      tasks.add(accepted("take=50m"));
    }
    Await.until("all wait", Bench.SOON, () -> engine.upstream() == 200 && engine.running() == 0);
    Task waiting = tasks.getFirst();

    bench.wishToCancel(waiting);

    bench.awaitState(waiting, TaskState.Cancelled.class);
    Await.until("nothing is kept of it", Bench.SOON, () -> !sandbox.has(waiting.id()));
    assertThat(engine.upstream()).isEqualTo(199);
  }

  @Test
  void one_ends_in_its_moment_and_nothing_is_written_while_it_waits_but_its_progress() {
    bench.start();
    Task task = accepted("take=1300ms");

    bench.awaitState(task, TaskState.Succeeded.class);

    var end = (TaskState.Succeeded) bench.state(task);
    assertThat(Duration.between(end.startedAt(), end.at()))
        .isGreaterThanOrEqualTo(Duration.ofMillis(1300));
    List<EventType> events =
        bench.store.tasks().events(task.id(), 0, 10).stream().map(Event::type).toList();
    assertThat(events).startsWith(EventType.TASK_ACCEPTED).endsWith(EventType.TASK_SUCCEEDED);
    assertThat(events.size()).isLessThanOrEqualTo(4);
    assertThat(sandbox.has(task.id())).isFalse();
  }

  @Test
  void one_that_a_dead_process_began_ends_when_it_would_have() {
    bench.start();
    Task task = accepted("take=2s");
    bench.awaitState(task, TaskState.Running.class);
    bench.restart();

    bench.start();

    bench.awaitState(task, TaskState.Succeeded.class);
    var end = (TaskState.Succeeded) bench.state(task);
    assertThat(end.at()).isAfterOrEqualTo(task.order().createdAt().plusSeconds(2));
  }

  @Test
  void its_late_result_comes_at_its_own_time() {
    bench.start();
    bench.request = "{\"prompt\":\"x [[sandbox take=1500ms]]\"}";
    Task task = bench.accepted(Bench.SHORT);
    bench.awaitState(task, TaskState.Expired.class);

    bench.awaitState(task, TaskState.Succeeded.class);

    var end = (TaskState.Succeeded) bench.state(task);
    assertThat(end.at()).isAfterOrEqualTo(task.order().createdAt().plusMillis(1500));
  }
}
