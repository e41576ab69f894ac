package dev.carillon.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Finalizer;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.testkit.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nobody begins with a task that has expired, and whose price was given back.
class LateBeginningTest {
  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Bench bench;

  private final AtomicInteger turns = new AtomicInteger();
  private final CountDownLatch answers = new CountDownLatch(1);

  @BeforeEach
  void open() {
    bench = new Bench(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private Task expiredWhileItWasSubmitted() {
    Task task = bench.accepted(Bench.SHORT);
    bench.awaitState(task, TaskState.Expired.class);
    answers.countDown();
    return task;
  }

  @Test
  void a_task_that_expired_while_nobody_took_it_is_submitted_no_more() {
    List<Boolean> begun = new CopyOnWriteArrayList<>();
    bench.work =
        (_, progress) -> {
          if (turns.incrementAndGet() > 1) {
            return new Outcome.Done(new Answer("{}"));
          }
          progress.note("sent to the first");
          answers.await();
          progress.note(""); // it was busy
          begun.add(progress.note("sent to the second"));
          return new Outcome.Wait("", Bench.SHORT.dividedBy(10), 0);
        };
    Engine engine = bench.start(Finalizer.NONE, Bench.LONG, 4);

    Task task = expiredWhileItWasSubmitted();

    Await.until("nobody works on it", Bench.SOON, () -> engine.running() + engine.upstream() == 0);
    assertThat(turns).hasValue(1);
    assertThat(begun).containsExactly(false);
    assertThat(bench.state(task)).isInstanceOf(TaskState.Expired.class);
  }

  @Test
  void a_task_that_is_taken_at_a_later_offer_expires_while_it_is_submitted() {
    bench.work =
        (_, progress) -> {
          if (turns.incrementAndGet() == 1) {
            return new Outcome.Wait("", Bench.SHORT.dividedBy(10), 0);
          }
          progress.note("job-7");
          answers.await();
          return new Outcome.Done(new Answer("{}"));
        };
    bench.start(Finalizer.NONE, Bench.LONG, 1);

    Task task = expiredWhileItWasSubmitted();

    bench.awaitState(task, TaskState.Succeeded.class);
    Task next = bench.accepted(Bench.LONG);
    bench.awaitState(next, TaskState.Succeeded.class);
  }

  @Test
  void a_task_that_nobody_took_is_offered_again_only_from_a_place() {
    Set<TaskId> offered = ConcurrentHashMap.newKeySet();
    bench.work =
        (claim, _) -> {
          if (offered.add(claim.task().id())) {
            return new Outcome.Wait("", Bench.SHORT, 0);
          }
          turns.incrementAndGet();
          answers.await();
          return new Outcome.Done(new Answer("{}"));
        };
    Engine engine = bench.start(Finalizer.NONE, Bench.LONG, 1);
    Task one = bench.accepted(Bench.LONG);
    Task other = bench.accepted(Bench.LONG);

    Await.until(
        "one is at it and the other waits",
        Bench.SOON,
        () -> offered.size() == 2 && engine.waiting() == 1 && turns.get() == 1);
    answers.countDown();

    bench.awaitState(one, TaskState.Succeeded.class);
    bench.awaitState(other, TaskState.Succeeded.class);
  }
}
