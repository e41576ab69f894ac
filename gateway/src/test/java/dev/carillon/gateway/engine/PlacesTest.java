package dev.carillon.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Finalizer;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.upstream.Upstream;
import dev.carillon.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A place at a provider is free for the next task as soon as the provider's part of the one before
/// is over: neither copied files nor a commit are waited for.
class PlacesTest {
  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Bench bench;

  private final OnePlace provider = new OnePlace();
  private final List<TaskId> copying = new CopyOnWriteArrayList<>();
  private final CountDownLatch copied = new CountDownLatch(1);

  /// Of the first task whose result comes the files are copied, for as long as it takes.
  private final Finalizer finalizer =
      new Finalizer() {
        @Override
        public boolean isWanted(Task task, Answer answer) {
          return copying.isEmpty();
        }

        @Override
        public Answer finish(Task task, Answer answer) throws InterruptedException {
          copying.add(task.id());
          copied.await();
          return answer;
        }
      };

  /// Takes one task at a time, until it is let go.
  private static final class OnePlace implements Upstream {
    private static final Duration LONG = Duration.ofHours(1);

    final Map<TaskId, Integer> tries = new ConcurrentHashMap<>();
    final Semaphore ends = new Semaphore(0);
    private @Nullable TaskId in;

    @Override
    public Outcome run(Claim claim, Progress progress) throws InterruptedException {
      TaskId task = claim.task().id();
      tries.merge(task, 1, Integer::sum);
      if (!enter(task)) {
        return new Outcome.Full(LONG);
      }
      progress.note("job of " + task);
      ends.acquire();
      return new Outcome.Done(new Answer("{}"));
    }

    private synchronized boolean enter(TaskId task) {
      boolean free = in == null;
      in = free ? task : in;
      return free;
    }

    @Override
    public boolean tellsBeginning() {
      return true;
    }

    @Override
    public synchronized void ended(TaskId task) {
      in = task.equals(in) ? null : in;
    }

    @Override
    public CancelAnswer cancel(Claim claim) {
      return CancelAnswer.UNSUPPORTED;
    }

    private void awaitTries(Task task, int count) {
      Await.until(count + " tries", Bench.SOON, () -> tries.getOrDefault(task.id(), 0) == count);
    }
  }

  @BeforeEach
  void open() {
    bench = new Bench(folder);
    bench.asked = provider;
  }

  @AfterEach
  void close() {
    copied.countDown();
    provider.ends.release(9);
    bench.close();
  }

  @Test
  void the_next_begins_while_files_are_copied_and_nobody_tries_once_more_when_that_is_over() {
    Engine engine = bench.start(finalizer, Bench.LONG, 4);
    Task first = bench.accepted(Bench.LONG);
    provider.awaitTries(first, 1);
    Task second = bench.accepted(Bench.LONG);
    provider.awaitTries(second, 2); // from now on only an end lets it try again
    Task third = bench.accepted(Bench.LONG);
    Await.until("both stand in line", Bench.SOON, () -> engine.waiting() == 2);

    provider.ends.release();
    bench.awaitState(second, TaskState.Running.class);
    assertThat(bench.state(first)).isInstanceOf(TaskState.Finalizing.class);

    copied.countDown();
    bench.awaitState(first, TaskState.Succeeded.class);
    provider.ends.release();
    bench.awaitState(second, TaskState.Succeeded.class);
    bench.awaitState(third, TaskState.Running.class);
    assertThat(provider.tries).containsEntry(third.id(), 1);
  }
}
