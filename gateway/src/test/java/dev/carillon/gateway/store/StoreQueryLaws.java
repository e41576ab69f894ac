package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.TaskStore.TaskQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The laws of finding, listing and counting tasks.
abstract class StoreQueryLaws extends StoreLaws {
  private static final Duration STEP = Duration.ofSeconds(1);

  private final List<TaskId> mine = new ArrayList<>();
  private final ApplicationId other = new ApplicationId(ids.next());

  /// Ten tasks, a second apart: every other of `suno`, the first three ended; and one foreign.
  @BeforeEach
  void fill() {
    store.access().createApplication(application(other, "0", false));
    for (int i = 0; i < 10; i++) {
      String service = i % 2 == 0 ? "midjourney" : "suno";
      String type = i % 5 == 0 ? "upscale" : "imagine";
      mine.add(accept(order(app, service, type, "0", Optional.empty())).id());
      clock.move(STEP);
    }
    accept(order(other, "midjourney", "imagine", "0", Optional.empty()));
    claim(3).forEach(claim -> store.tasks().settle(claim, failure()));
  }

  @Test
  void a_list_is_newest_first_and_of_one_application() {
    assertThat(list(new Filter())).isEqualTo(mine(9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
  }

  @Test
  void a_list_goes_on_after_a_cursor_or_an_offset() {
    assertThat(list(new Filter().limit(3))).isEqualTo(mine(9, 8, 7));
    assertThat(list(new Filter().limit(3).before(mine.get(7)))).isEqualTo(mine(6, 5, 4));
    assertThat(list(new Filter().limit(3).offset(8))).isEqualTo(mine(1, 0));
  }

  @Test
  void a_list_is_filtered_by_service_type_and_openness() {
    assertThat(list(new Filter().service("suno"))).isEqualTo(mine(9, 7, 5, 3, 1));
    assertThat(list(new Filter().type("upscale"))).isEqualTo(mine(5, 0));
    assertThat(list(new Filter().open(false))).isEqualTo(mine(2, 1, 0));
    assertThat(list(new Filter().open(true).service("suno"))).isEqualTo(mine(9, 7, 5, 3));
    assertThat(list(new Filter().open(false).service("suno").type("imagine"))).isEqualTo(mine(1));
  }

  @Test
  void a_list_is_filtered_by_creation_both_ends_included() {
    Instant third = START.plus(STEP.multipliedBy(3));
    Instant fifth = START.plus(STEP.multipliedBy(5));

    assertThat(list(new Filter().between(third, fifth))).isEqualTo(mine(5, 4, 3));
    assertThat(list(new Filter().between(third.plusMillis(1), fifth.minusMillis(1))))
        .isEqualTo(mine(4));
    assertThat(list(new Filter().between(Instant.ofEpochMilli(-5), Instant.EPOCH))).isEmpty();
  }

  @Test
  void a_count_stops_at_its_bound() {
    assertThat(store.tasks().count(new Filter().query(app), 100)).isEqualTo(10);
    assertThat(store.tasks().count(new Filter().query(app), 4)).isEqualTo(4);
    assertThat(store.tasks().count(new Filter().open(true).query(app), 100)).isEqualTo(7);
    assertThat(store.tasks().count(new Filter().open(true).query(other), 100)).isEqualTo(1);
  }

  @Test
  void unknown_and_foreign_ids_are_left_out_from_memory_and_from_the_file() {
    var foreign = store.tasks().list(TaskQuery.newest(other, 1)).getFirst().id();
    var asked = List.of(mine.get(1), foreign, new TaskId(ids.next()), mine.get(8));

    assertThat(store.tasks().findAll(app, asked))
        .extracting(Task::id)
        .containsExactlyInAnyOrder(mine.get(1), mine.get(8));
    reopen();
    assertThat(store.tasks().findAll(app, asked))
        .extracting(Task::id)
        .containsExactlyInAnyOrder(mine.get(1), mine.get(8));
    assertThat(store.tasks().find(new TaskId(ids.next()))).isEmpty();
  }

  @Test
  void a_trace_id_finds_the_newest_task_of_its_application() {
    Order first = order("0");
    Order second = order("0");
    Order again =
        new Order(
            second.id(),
            second.owner(),
            second.service(),
            second.endpoint(),
            second.type(),
            first.traceId(),
            second.createdAt(),
            second.request(),
            second.callbackUrl(),
            second.price(),
            second.finishBy());
    accept(first);
    accept(again);

    assertThat(store.tasks().findByTrace(app, first.service(), first.traceId()).map(Task::id))
        .contains(again.id());
    assertThat(store.tasks().findByTrace(other, first.service(), first.traceId())).isEmpty();
    assertThat(store.tasks().findByTrace(app, first.service(), "none")).isEmpty();
    assertThat(store.tasks().findByTrace(app, "another", first.traceId())).isEmpty();
  }

  @Test
  void lists_and_trace_reads_show_how_far_a_task_runs() {
    var claim = claimOne();
    var running = new TaskState.Running(clock.instant(), 12);

    store.tasks().noteRunning(claim, running);

    Task task = claim.task().in(running);
    assertThat(store.tasks().list(new Filter().query(app))).contains(task);
    assertThat(store.tasks().findByTrace(app, task.order().service(), task.order().traceId()))
        .contains(task);
  }

  @Test
  void videos_are_listed_in_both_orders_after_a_cursor_and_by_nobody_else() {
    List<TaskId> videos = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String service = i == 2 ? "veo" : "sora";
      videos.add(accept(video(order(app, service, "videos", "0", Optional.empty()))).id());
      accept(order(app, service, "videos", "0", Optional.empty()));
      clock.move(STEP);
    }
    accept(video(order(other, "sora", "videos", "0", Optional.empty())));

    assertThat(videos(Optional.empty(), Optional.empty(), false)).isEqualTo(videos.reversed());
    assertThat(videos(Optional.empty(), Optional.empty(), true)).isEqualTo(videos);
    assertThat(videos(Optional.empty(), Optional.of(videos.get(2)), false))
        .containsExactly(videos.get(1), videos.get(0));
    assertThat(videos(Optional.of("sora"), Optional.of(videos.get(1)), true))
        .containsExactly(videos.get(3), videos.get(4));
  }

  private List<TaskId> videos(Optional<String> service, Optional<TaskId> after, boolean oldest) {
    return store.tasks().videos(new VideoQuery(app, service, after, oldest, 10)).stream()
        .map(Task::id)
        .toList();
  }

  private static Order video(Order order) {
    return new Order(
        order.id(),
        order.owner(),
        order.service(),
        order.endpoint(),
        order.type(),
        order.traceId(),
        order.createdAt(),
        "{\"prompt\":\"a fox\",\"openai_video\":{\"model\":\"sora-2\"}}",
        order.callbackUrl(),
        order.price(),
        order.finishBy());
  }

  private List<TaskId> list(Filter filter) {
    return store.tasks().list(filter.query(app)).stream().map(Task::id).toList();
  }

  private List<TaskId> mine(Integer... which) {
    return List.of(which).stream().map(mine::get).toList();
  }

  /// A query under construction.
  private static final class Filter {
    private Optional<String> service = Optional.empty();
    private Optional<String> type = Optional.empty();
    private Optional<Boolean> open = Optional.empty();
    private Optional<Instant> min = Optional.empty();
    private Optional<Instant> max = Optional.empty();
    private Optional<TaskId> before = Optional.empty();
    private int offset;
    private int limit = 100;

    private Filter service(String wanted) {
      service = Optional.of(wanted);
      return this;
    }

    private Filter type(String wanted) {
      type = Optional.of(wanted);
      return this;
    }

    private Filter open(boolean wanted) {
      open = Optional.of(wanted);
      return this;
    }

    private Filter between(Instant from, Instant to) {
      min = Optional.of(from);
      max = Optional.of(to);
      return this;
    }

    private Filter before(TaskId id) {
      before = Optional.of(id);
      return this;
    }

    private Filter offset(int wanted) {
      offset = wanted;
      return this;
    }

    private Filter limit(int wanted) {
      limit = wanted;
      return this;
    }

    private TaskQuery query(ApplicationId application) {
      return new TaskQuery(application, service, type, open, min, max, before, offset, limit);
    }
  }
}
