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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A place at a provider is free for the next task as soon as the provider's part of the one before
/// is over: neither copied files nor a commit are waited for, unless that is so of very many.
class PlacesTest {
  private static final int OTHERS = 20;

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Bench bench;

  private final OnePlace provider = new OnePlace();
  private final List<TaskId> copying = new CopyOnWriteArrayList<>();
  private final CountDownLatch copied = new CountDownLatch(1);
  private volatile int mostCopied = 1;

  /// Copies files, for as long as it takes, of so many tasks whose results come first.
  private final Finalizer finalizer =
      new Finalizer() {
        @Override
        public boolean isWanted(Task task, Answer answer) {
          return copying.size() < mostCopied;
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
    volatile Outcome outcome = new Outcome.Done(new Answer("{}"));
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
      return outcome;
    }

    synchronized boolean isTaken() {
      return in != null;
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
    provider.ends.release(2 + OTHERS);
    bench.close();
  }

  @Test
  void the_next_begins_while_files_are_copied_and_nobody_tries_in_vain_when_that_is_stored() {
    Engine engine = bench.start(finalizer, Bench.LONG, 4);
    Task first = bench.accepted(Bench.LONG);
    provider.awaitTries(first, 1);
    Task second = bench.accepted(Bench.LONG);
    provider.awaitTries(second, 2); // from now on only an end lets it try again
    Await.until("it stands in line", Bench.SOON, () -> engine.waiting() == 1);
    List<Task> others = Stream.generate(() -> bench.accepted(Bench.LONG)).limit(OTHERS).toList();
    Await.until("all stand in line", Bench.SOON, () -> engine.waiting() == 1 + OTHERS);

    provider.ends.release();
    bench.awaitState(second, TaskState.Running.class);
    bench.awaitState(first, TaskState.Finalizing.class);

    copied.countDown();
    bench.awaitState(first, TaskState.Succeeded.class);
    provider.ends.release(1 + OTHERS);
    others.forEach(task -> bench.awaitState(task, TaskState.Succeeded.class));
    assertThat(others).extracting(task -> provider.tries.get(task.id())).containsOnly(1);
  }

  /// Its provider may be at work on it.
  @Test
  void a_task_of_unknown_fate_keeps_its_place() {
    bench.start(finalizer, Bench.LONG, 4);
    provider.outcome = new Outcome.Unknown("its answer was lost");
    Task task = bench.accepted(Bench.LONG);

    provider.ends.release();
    bench.awaitState(task, TaskState.Indeterminate.class);

    assertThat(provider.isTaken()).isTrue();
  }

  /// What cannot be stored must not become more and more.
  @Test
  void a_place_is_kept_until_the_end_is_stored_while_very_many_others_were_not() {
    mostCopied = EarlyLeave.MOST + 1;
    bench.start(finalizer, Bench.LONG, 2 * EarlyLeave.MOST);
    provider.ends.release(EarlyLeave.MOST + 1);
    List<Task> tasks =
        Stream.generate(() -> bench.accepted(Bench.LONG)).limit(EarlyLeave.MOST + 1).toList();
    Await.until("all are copied", Bench.SOON, () -> copying.size() == tasks.size());
    assertThat(provider.isTaken()).as("the last one has not left").isTrue();

    copied.countDown();
    tasks.forEach(task -> bench.awaitState(task, TaskState.Succeeded.class));
    Await.until("its place is free", Bench.SOON, () -> !provider.isTaken());
  }
}
