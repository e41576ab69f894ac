package dev.carillon.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Finalizer;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.testkit.Await;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Wishes to cancel reach whoever may be working, whenever they come.
class WishesTest {
  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Bench bench;

  @BeforeEach
  void open() {
    bench = new Bench(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private void awaitSaid(Task task, CancelAnswer answer) {
    Await.until(
        "it is noted",
        Bench.SOON,
        () -> bench.task(task.id()).cancellation().equals(Optional.of(answer)));
  }

  @Test
  void what_a_dead_process_had_just_sent_is_cancelled_only_by_its_provider() throws Exception {
    Task task = bench.accepted(Bench.LONG);
    bench.store.tasks().noteUpstream(bench.claimed(), "job-7");
    bench.restart();

    bench.wishToCancel(task);
    assertThat(bench.state(task).isFinal()).isFalse();
    bench.stop = _ -> CancelAnswer.REFUSED;
    bench.work = (_, _) -> new Outcome.Done(new Answer("{}"));
    bench.start();

    bench.awaitState(task, TaskState.Succeeded.class);
    assertThat(bench.stopped).containsExactly(Optional.of("job-7"));
  }

  @Test
  void a_wish_that_comes_between_two_looks_is_heard_at_the_next() {
    var looks = new AtomicInteger();
    bench.work =
        (_, progress) -> {
          if (looks.incrementAndGet() == 1) {
            progress.note("job-7");
          }
          return new Outcome.Wait("job-7", Bench.LONG, 0);
        };
    bench.stop = _ -> CancelAnswer.CONFIRMED;
    Engine engine = bench.start();
    Task task = bench.accepted(Bench.LONG);
    Await.until("it waits", Bench.SOON, () -> engine.upstream() == 1);

    bench.told = () -> bench.wishToCancel(task); // it is taken out and not yet put back
    engine.heard(task.id(), Map.of());

    bench.awaitState(task, TaskState.Cancelled.class);
  }

  @Test
  void a_provider_that_lets_the_outcome_tell_is_looked_at_soon_and_asked_once() {
    var looks = new AtomicInteger();
    bench.work =
        (_, progress) -> {
          if (looks.incrementAndGet() == 1) {
            progress.note("job-7");
          }
          return looks.get() < 3
              ? new Outcome.Wait("job-7", looks.get() == 1 ? Bench.LONG : Bench.SHORT, 0)
              : new Outcome.Refused(Reason.of(ErrorCode.CANCELLED));
        };
    bench.stop = _ -> CancelAnswer.PENDING;
    Engine engine = bench.start();
    Task task = bench.accepted(Bench.LONG);
    Await.until("it waits", Bench.SOON, () -> engine.upstream() == 1);

    bench.wishToCancel(task);

    bench.awaitState(task, TaskState.Cancelled.class);
    assertThat(bench.stopped).containsExactly(Optional.of("job-7"));
  }

  @Test
  void a_confirmation_from_before_the_job_was_sent_does_not_cancel_it() {
    var asked = new CountDownLatch(1);
    var sent = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    bench.tells = false;
    bench.work =
        (_, progress) -> {
          asked.await();
          progress.note("job-7");
          sent.countDown();
          goOn.await();
          return new Outcome.Done(new Answer("{}"));
        };
    bench.stop =
        claim -> {
          asked.countDown();
          await(sent);
          return claim.upstreamRef().isEmpty() ? CancelAnswer.CONFIRMED : CancelAnswer.REFUSED;
        };
    bench.start();
    Task task = bench.accepted(Bench.LONG);
    bench.awaitState(task, TaskState.Running.class);

    bench.wishToCancel(task);
    awaitSaid(task, CancelAnswer.REFUSED);
    goOn.countDown();

    bench.awaitState(task, TaskState.Succeeded.class);
    assertThat(bench.stopped).containsExactly(Optional.empty(), Optional.of("job-7"));
  }

  @Test
  void a_look_that_was_cancelled_meanwhile_leaves_nothing_waiting() {
    var looks = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    bench.work =
        (_, progress) -> {
          progress.note("job-7");
          looks.countDown();
          awaitStubbornly(goOn);
          return new Outcome.Wait("job-7", Bench.LONG, 0);
        };
    bench.stop = _ -> CancelAnswer.CONFIRMED;
    Engine engine = bench.start();
    Task task = bench.accepted(Bench.LONG);
    await(looks);

    bench.wishToCancel(task);
    bench.awaitState(task, TaskState.Cancelled.class);
    goOn.countDown();

    Await.until("nothing runs", Bench.SOON, () -> engine.running() == 0);
    Await.until("nothing waits", Bench.SOON, () -> engine.upstream() == 0);
  }

  private static void awaitStubbornly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException _) {
        // It was told to stop, and has its answer all the same.
      }
    }
  }

  @Test
  void what_is_made_and_only_copied_is_not_cancelled_and_its_provider_is_not_asked() {
    var copies = new CountDownLatch(1);
    var copied = new CountDownLatch(1);
    bench.work =
        (_, progress) -> {
          progress.note("job-7");
          return new Outcome.Done(new Answer("{}"));
        };
    bench.stop = _ -> CancelAnswer.CONFIRMED;
    bench.start(
        new Finalizer() {
          @Override
          public boolean isWanted(Task task, Answer answer) {
            return true;
          }

          @Override
          public Answer finish(Task task, Answer answer) throws InterruptedException {
            copies.countDown();
            copied.await();
            return answer;
          }
        },
        Bench.LONG,
        4);
    Task task = bench.accepted(Bench.LONG);
    await(copies);

    bench.wishToCancel(task);
    awaitSaid(task, CancelAnswer.REFUSED);
    copied.countDown();

    bench.awaitState(task, TaskState.Succeeded.class);
    assertThat(bench.stopped).isEmpty();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }
}
