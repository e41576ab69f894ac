package dev.carillon.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.api.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LifecycleTest {
  private static final Instant T0 = Instant.parse("2026-11-23T10:00:00Z");
  private static final Instant T1 = T0.plusSeconds(30);
  private static final Answer ANSWER = new Answer("{}");
  private static final Reason REASON = Reason.of(ErrorCode.API_ERROR);

  private static final List<TaskState> OPEN =
      List.of(
          new TaskState.Queued(),
          new TaskState.Running(T0, 10),
          new TaskState.Finalizing(T0, ANSWER),
          new TaskState.Indeterminate(T0, T0));
  private static final List<TaskState> ENDED =
      List.of(
          new TaskState.Succeeded(T0, T0, ANSWER),
          new TaskState.Failed(T0, T0, REASON),
          new TaskState.Cancelled(Optional.of(T0), T0),
          new TaskState.Expired(Optional.empty(), T0, REASON));
  private static final TaskState BEGUN_AND_EXPIRED =
      new TaskState.Expired(Optional.of(T0), T0, Reason.TOO_LATE);
  private static final List<Outcome> OUTCOMES =
      List.of(
          new Outcome.Done(ANSWER),
          new Outcome.Wait("job-1", Duration.ofSeconds(30), 50),
          new Outcome.Refused(REASON),
          new Outcome.Late(REASON),
          new Outcome.Unknown("connection lost"));

  @Test
  void the_drawing_shows_exactly_the_arrows_of_the_function() throws IOException {
    var arrows = new TreeSet<String>();
    for (TaskState from : OPEN) {
      OUTCOMES.forEach(o -> arrows.add(from.word() + " --> " + Lifecycle.next(from, o, T1).word()));
      arrows.add(from.word() + " --> " + Lifecycle.finalizing(from, ANSWER, T1).word());
      arrows.add(from.word() + " --> " + Lifecycle.cancel(from, T1).word());
    }
    TaskState late = Lifecycle.next(BEGUN_AND_EXPIRED, new Outcome.Done(ANSWER), T1);
    arrows.add(BEGUN_AND_EXPIRED.word() + " --> " + late.word());

    String drawing = Files.readString(Path.of("../docs/states.md"));

    var drawn =
        Pattern.compile("^\\s+([a-z]+ --> [a-z]+)$", Pattern.MULTILINE)
            .matcher(drawing)
            .results()
            .map(arrow -> arrow.group(1))
            .toList();
    assertThat(drawn).containsExactlyInAnyOrderElementsOf(arrows);
  }

  @Test
  void an_ended_task_takes_no_outcome() {
    for (TaskState ended : ENDED) {
      assertThatThrownBy(() -> Lifecycle.next(ended, new Outcome.Done(ANSWER), T1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(ended.word());
    }
  }

  @Test
  void an_expired_task_takes_a_late_result_and_nothing_else() {
    assertThat(Lifecycle.next(BEGUN_AND_EXPIRED, new Outcome.Done(ANSWER), T1))
        .isEqualTo(new TaskState.Succeeded(T0, T1, ANSWER));
    for (Outcome other : OUTCOMES.subList(1, OUTCOMES.size())) {
      assertThatThrownBy(() -> Lifecycle.next(BEGUN_AND_EXPIRED, other, T1))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void an_ended_task_has_no_files_to_copy() {
    for (TaskState ended : ENDED) {
      assertThatThrownBy(() -> Lifecycle.finalizing(ended, ANSWER, T1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(ended.word());
    }
  }

  @Test
  void cancelling_an_ended_task_leaves_it_as_it_is() {
    for (TaskState ended : ENDED) {
      assertThat(Lifecycle.cancel(ended, T1)).isEqualTo(ended);
    }
  }

  @Test
  void the_start_of_work_is_kept_to_the_end() {
    TaskState done = Lifecycle.next(new TaskState.Running(T0, 80), new Outcome.Done(ANSWER), T1);

    assertThat(done).isEqualTo(new TaskState.Succeeded(T0, T1, ANSWER));
    assertThat(Lifecycle.startedAt(done)).contains(T0);
  }

  @Test
  void a_task_that_never_ran_and_expired_has_no_start() {
    TaskState expired = Lifecycle.next(new TaskState.Queued(), new Outcome.Late(REASON), T1);

    assertThat(Lifecycle.startedAt(expired)).isEmpty();
  }
}
