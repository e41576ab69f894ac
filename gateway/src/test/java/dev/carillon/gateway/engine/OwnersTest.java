package dev.carillon.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Charge;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Finalizer;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An open task always has an owner or a time at which it is looked at again, and only its owner
/// speaks for it.
class OwnersTest {
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

  private static Run run(Claim claim, boolean resumed) {
    return new Run(claim, resumed, new EarlyLeave(() -> {}));
  }

  @Test
  void a_job_lost_from_sight_in_the_moment_its_task_expires_is_looked_up_for_a_late_result() {
    var runs = new AtomicInteger();
    bench.work =
        (claim, progress) -> {
          if (runs.incrementAndGet() > 1) {
            return new Outcome.Done(new Answer("{}"));
          }
          progress.note("job-7");
          Await.until(
              "it expired",
              Bench.SOON,
              () -> bench.task(claim.task().id()).state() instanceof TaskState.Expired);
          return new Outcome.Unknown("lost");
        };
    Engine engine = bench.start();
    Task task = bench.accepted(Bench.SHORT);
    Await.until("it waits", Bench.SOON, () -> engine.upstream() == 1);

    engine.heard(task.id(), Map.of());

    bench.awaitState(task, TaskState.Succeeded.class);
  }

  @Test
  void it_has_an_owner_from_that_moment_on() throws Exception {
    bench.accepted(Bench.SHORT);
    Claim claim = bench.claimed();
    bench.work =
        (_, progress) -> {
          progress.note("job-7");
          bench.expire(claim.at("job-7")); // as another thread does, which has told nobody yet
          return new Outcome.Unknown("lost");
        };

    var run = run(claim, false);
    assertThat(bench.worker(Finalizer.NONE, Bench.LONG).work(run)).isPresent();

    assertThat(run.claim().task().state()).isInstanceOf(TaskState.Expired.class);
  }

  @Test
  void a_job_its_provider_stopped_in_the_moment_its_task_expires_is_not_waited_for()
      throws Exception {
    Task task = bench.accepted(Bench.SHORT);
    Claim claim = bench.claimed();
    bench.work =
        (_, progress) -> {
          progress.note("job-7");
          bench.wishToCancel(task);
          bench.expire(claim.at("job-7"));
          return new Outcome.Refused(Reason.of(ErrorCode.CANCELLED));
        };

    assertThat(bench.worker(Finalizer.NONE, Bench.LONG).work(run(claim, false))).isEmpty();

    assertThat(bench.store.tasks().endWait(claim)).isFalse();
  }

  @Test
  void a_lost_job_that_never_came_is_begun_though_a_process_died_right_after_it_said_so() {
    bench.notesFirst = true;
    bench.work =
        (_, progress) -> {
          progress.note("job-7");
          return new Outcome.Unknown("lost");
        };
    Engine engine = bench.start();
    Task task = bench.accepted(Bench.LONG);
    bench.awaitState(task, TaskState.Indeterminate.class);
    var told = new AtomicInteger();
    bench.work =
        (_, progress) -> {
          progress.note("");
          told.incrementAndGet();
          return new Outcome.Wait("", Bench.LONG, 0);
        };
    Await.until("it is looked up", Bench.SOON, () -> engine.upstream() == 1);
    engine.heard(task.id(), Map.of());
    Await.until("nobody has it", Bench.SOON, () -> told.get() > 0);
    bench.restart();
    bench.work = (_, _) -> new Outcome.Done(new Answer("{}"));

    bench.start();

    bench.awaitState(task, TaskState.Succeeded.class);
  }

  /// Else processes that never live for minutes would never find out.
  @Test
  void a_fate_that_can_be_known_soon_is_looked_up_then_however_long_it_was_unknown()
      throws Exception {
    bench.accepted(Bench.LONG);
    Instant longAgo = Instant.now().minus(Duration.ofMinutes(10));
    Claim claim = bench.claimed().at("job-7").in(new TaskState.Indeterminate(longAgo, longAgo));
    Worker worker = bench.worker(Finalizer.NONE, Bench.LONG);

    assertThat(lookUpAfter(worker, claim, Optional.empty())).contains(Duration.ofMinutes(2));
    assertThat(lookUpAfter(worker, claim, Optional.of(Duration.ofSeconds(20))))
        .contains(Duration.ofSeconds(20));
    assertThat(lookUpAfter(worker, claim, Optional.of(Duration.ofMillis(1))))
        .as("no sooner than usual")
        .contains(Duration.ofSeconds(5));
    assertThat(lookUpAfter(worker, claim, Optional.of(Bench.LONG))).contains(Duration.ofMinutes(2));
  }

  @Test
  void a_late_result_whose_fate_can_be_known_soon_is_looked_up_then() throws Exception {
    Claim claim = bench.expiredClaim("job-7");
    Worker worker = bench.worker(Finalizer.NONE, Bench.LONG);

    assertThat(lookUpAfter(worker, claim, Optional.empty())).contains(Duration.ofMinutes(2));
    assertThat(lookUpAfter(worker, claim, Optional.of(Duration.ofSeconds(20))))
        .contains(Duration.ofSeconds(20));
  }

  private Optional<Duration> lookUpAfter(Worker worker, Claim claim, Optional<Duration> certain) {
    bench.work = (_, _) -> new Outcome.Unknown("not found yet", certain);
    return worker.work(run(claim, true));
  }

  @Test
  void no_more_late_results_are_waited_for_than_there_are_places() {
    var ready = new AtomicBoolean();
    bench.work =
        (claim, progress) -> {
          if (claim.upstreamRef().isEmpty()) {
            progress.note("job of " + claim.task().id());
          }
          return ready.get()
              ? new Outcome.Done(new Answer("{}"))
              : new Outcome.Wait("job", Bench.SHORT, 0);
        };
    bench.start(Finalizer.NONE, Bench.LONG, 2);
    List<Task> tasks =
        List.of(
            bench.accepted(Bench.SHORT), bench.accepted(Bench.SHORT), bench.accepted(Bench.SHORT));
    tasks.forEach(task -> bench.awaitState(task, TaskState.Expired.class));
    Await.until("one is left", Bench.SOON, () -> bench.stopped.size() == 1);

    ready.set(true);

    Await.until(
        "two came late",
        Bench.SOON,
        () ->
            tasks.stream().filter(task -> bench.is(task, TaskState.Succeeded.class)).count() == 2);
    assertThat(bench.stopped).hasSize(1);
  }

  @Test
  void a_node_whose_claim_is_stale_stops_nobodys_job() throws Exception {
    Claim stale = bench.expiredClaim("job-7");
    bench.restart();
    Claim current = bench.store.tasks().claimLate(1).getFirst();
    Worker worker = bench.worker(Finalizer.NONE, Duration.ZERO);

    assertThat(worker.work(run(stale, true))).isEmpty();
    assertThat(worker.late().giveUp(stale)).isEmpty();

    assertThat(bench.store.tasks().endWait(current)).isTrue();
    assertThat(bench.stopped).isEmpty();
  }

  @Test
  void a_task_whose_work_died_of_an_error_gets_another_turn() {
    var looked = new AtomicInteger();
    bench.work = (_, _) -> new Outcome.Done(new Answer("{}"));
    Finalizer breaking =
        new Finalizer() {
          @Override
          public boolean isWanted(Task task, Answer answer) {
            if (looked.incrementAndGet() == 1) {
              throw new OutOfMemoryError("of a test");
            }
            return false;
          }

          @Override
          public Answer finish(Task task, Answer answer) {
            return answer;
          }
        };
    bench.start(breaking, Bench.LONG, 1);

    Task task = bench.accepted(Bench.LONG);

    bench.awaitState(task, TaskState.Succeeded.class);
  }

  @Test
  void nor_is_one_left_alone_whose_provider_was_interrupted_by_nobody() {
    var runs = new AtomicInteger();
    bench.work =
        (_, _) -> {
          if (runs.incrementAndGet() == 1) {
            throw new InterruptedException("of a test");
          }
          return new Outcome.Done(new Answer("{}"));
        };
    bench.start();

    Task task = bench.accepted(Bench.LONG);

    bench.awaitState(task, TaskState.Succeeded.class);
  }

  @Test
  void a_task_that_nobody_took_expires_at_its_start_by_time_however_often_it_was_offered() {
    bench.work = (_, _) -> new Outcome.Wait("", Bench.LONG, 0);
    bench.start();

    Task task = bench.accepted(Bench.LONG, Optional.of(Bench.SHORT));

    bench.awaitState(task, TaskState.Expired.class);
    assertThat(Charge.of(bench.task(task.id())).why()).isEqualTo(Charge.Why.EXPIRED_START_BY);
  }

  @Test
  void one_that_was_taken_back_by_a_busy_provider_does_so_too() {
    bench.work =
        (_, progress) -> {
          progress.note("an intent");
          progress.note("");
          return new Outcome.Wait("", Bench.LONG, 0);
        };
    bench.start();

    Task task = bench.accepted(Bench.LONG, Optional.of(Bench.SHORT));

    bench.awaitState(task, TaskState.Expired.class);
    assertThat(Charge.of(bench.task(task.id())).why()).isEqualTo(Charge.Why.EXPIRED_START_BY);
  }

  @Test
  void one_that_was_taken_in_time_may_end_after_its_start_by_time() {
    var looks = new AtomicInteger();
    bench.work =
        (_, progress) -> {
          if (looks.incrementAndGet() > 1) {
            return new Outcome.Done(new Answer("{}"));
          }
          progress.note("job-7");
          return new Outcome.Wait("job-7", Bench.SHORT.multipliedBy(2), 0);
        };
    bench.start();

    Task task = bench.accepted(Bench.LONG, Optional.of(Bench.SHORT));

    bench.awaitState(task, TaskState.Succeeded.class);
  }

  @Test
  void the_provider_of_a_task_that_expired_for_good_is_told() {
    bench.work =
        (_, progress) -> {
          progress.note("job-7");
          return new Outcome.Wait("job-7", Bench.LONG, 0);
        };
    bench.stop = _ -> CancelAnswer.REFUSED;
    bench.start(Finalizer.NONE, Duration.ZERO, 1);

    Task task = bench.accepted(Bench.SHORT);

    bench.awaitState(task, TaskState.Expired.class);
    Await.until("its provider is told", Bench.SOON, () -> bench.stopped.size() == 1);
  }
}
