package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/// The API beside the compatible one: states, long polls, lists, cancelling, events.
@ExtendWith(SharedGateway.class)
@Execution(ExecutionMode.CONCURRENT)
final class NativeApiIT {
  private static final String HANG =
      "{\"prompt\":\"[[sandbox hang]] x\",\"action\":\"text2video\",\"async\":true}";

  private final Api api;

  NativeApiIT(Api api) {
    this.api = api;
  }

  @Test
  void an_open_task_shows_its_state_its_times_and_when_to_look_again() {
    String id = api.submit("/veo/videos", HANG);

    Answer answer = api.get("/v1/tasks/" + id);

    JsonNode task = answer.json();
    assertThat(task.path("id").asString()).isEqualTo(id);
    assertThat(task.path("state").asString()).isIn("queued", "running");
    assertThat(task.path("progress").intValue()).isBetween(0, 99);
    assertThat(task.path("created_at").asString()).isNotEmpty();
    assertThat(task.path("finished_at").isNull()).isTrue();
    assertThat(task.path("links").path("self").asString()).contains(id);
    assertThat(Integer.parseInt(answer.header("retry-after").orElse("-1"))).isPositive();
    assertThat(answer.header("carillon-estimate").orElse("")).matches("\\d+-\\d+");
    assertThat(answer.header("carillon-task-id").orElse("")).isEqualTo(id);
    assertThat(answer.header("carillon-trace-id").orElse("")).isNotEmpty();
    assertThat(answer.header("etag")).isPresent();
  }

  @Test
  void a_finished_task_shows_its_result_and_its_charge() {
    String id = api.submit("/midjourney/imagine", "{\"prompt\":\"a cat\",\"async\":true}");

    JsonNode task = api.ended(id);

    assertThat(task.path("state").asString()).isEqualTo("succeeded");
    assertThat(task.path("progress").intValue()).isEqualTo(100);
    assertThat(task.path("error").isNull()).isTrue();
    assertThat(task.at("/result/image_url").asString()).startsWith("http");
    assertThat(task.at("/charge/charged").asString()).isNotEqualTo("0");
    assertThat(task.at("/charge/held").asString()).isEqualTo("0");
  }

  @Test
  void a_failed_task_shows_its_error_and_costs_nothing() {
    String id =
        api.submit(
            "/midjourney/imagine",
            "{\"prompt\":\"[[sandbox progress=40 fail=api_error]] x\",\"async\":true}");

    JsonNode task = api.ended(id);

    assertThat(task.path("state").asString()).isEqualTo("failed");
    assertThat(task.at("/error/code").asString()).isEqualTo("api_error");
    assertThat(task.at("/charge/charged").asString()).isEqualTo("0");
    assertThat(task.at("/charge/held").asString()).isEqualTo("0");
  }

  @Test
  void a_tag_that_a_proxy_weakened_is_still_known() {
    String id = api.submit("/midjourney/imagine", "{\"prompt\":\"a cat\",\"async\":true}");
    api.ended(id);
    String tag = api.get("/v1/tasks/" + id).header("etag").orElseThrow();

    assertThat(api.get("/v1/tasks/" + id, "If-None-Match", "W/" + tag).status()).isEqualTo(304);
  }

  @Test
  void what_cannot_be_meant_is_refused_with_a_guess() {
    String id = api.submit("/midjourney/imagine", "{\"prompt\":\"a cat\",\"async\":true}");

    Shapes.assertError(api.get("/v1/tasks?stat=open"), 400, "bad_request");
    Shapes.assertError(api.anonymous().get("/v1/tasks?stat=open"), 400, "no_token");
    assertThat(api.get("/v1/tasks?stat=open").text()).contains("did you mean 'state'");
    assertThat(api.get("/v1/tasks/" + id + "?wiat=1s").text()).contains("did you mean 'wait'");
    assertThat(api.get("/v1/tasks/" + id + "?wait=500ms").text()).contains("seconds");
  }

  @Test
  void the_first_estimate_of_the_sandbox_is_as_quick_as_the_sandbox() {
    // No other test has a task of this end, so that nothing was learned of how long it takes.
    String id =
        api.submit(
            "/runway/videos",
            "{\"image_url\":\"https://a.example/1.png\",\"prompt\":\"[[sandbox hang]] x\","
                + "\"async\":true}");

    Answer answer = api.get("/v1/tasks/" + id);

    assertThat(Integer.parseInt(answer.header("retry-after").orElse("99"))).isLessThan(5);
  }

  @Test
  void a_long_poll_ends_with_the_task() {
    String id =
        api.submit("/midjourney/imagine", "{\"prompt\":\"[[sandbox take=3s]] x\",\"async\":true}");

    long began = System.nanoTime();
    JsonNode task = api.get("/v1/tasks/" + id + "?wait=30s").json();

    assertThat(task.path("state").asString()).isEqualTo("succeeded");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void a_long_poll_that_is_over_shows_the_open_task() {
    String id = api.submit("/veo/videos", HANG);

    long began = System.nanoTime();
    Answer answer = api.get("/v1/tasks/" + id + "?wait=1s");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("finished_at").isNull()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isBetween(Duration.ofMillis(900), Duration.ofSeconds(5));
  }

  @Test
  void what_has_not_changed_is_not_sent_again() {
    String id = api.submit("/flux/images", Shapes.FLUX);
    api.ended(id);
    Answer first = api.get("/v1/tasks/" + id);
    String tag = first.header("etag").orElseThrow();

    Answer second = api.get("/v1/tasks/" + id, "if-none-match", tag);
    Answer other = api.get("/v1/tasks/" + id, "if-none-match", "\"other\"");

    assertThat(second.status()).isEqualTo(304);
    assertThat(second.body()).isEmpty();
    assertThat(second.header("etag")).contains(tag);
    assertThat(other.status()).isEqualTo(200);
  }

  @Test
  void a_list_goes_on_where_its_page_ended() {
    var made = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      made.add(
          api.submit(
              "/hailuo/videos", "{\"action\":\"generate\",\"prompt\":\"x\",\"async\":true}"));
    }

    var seen = new ArrayList<String>();
    String cursor = "";
    for (int page = 0; page < 50; page++) {
      JsonNode found = api.get("/v1/tasks?service=hailuo&limit=2" + cursor).json();
      found.path("items").forEach(item -> seen.add(item.path("id").asString()));
      if (found.path("next").isNull()) {
        break;
      }
      cursor = "&before=" + found.path("next").asString();
    }

    assertThat(new HashSet<>(seen)).hasSameSizeAs(seen);
    assertThat(seen.stream().filter(made::contains)).containsExactlyElementsOf(made.reversed());
  }

  @Test
  void a_list_is_filtered_by_state() {
    String open =
        api.submit(
            "/wan/videos",
            "{\"action\":\"text2video\",\"model\":\"wan2.6-t2v\",\"prompt\":\"[[sandbox hang]] x\",\"async\":true}");
    String ended =
        api.submit(
            "/wan/videos",
            "{\"action\":\"text2video\",\"model\":\"wan2.6-t2v\",\"prompt\":\"x\",\"async\":true}");
    api.ended(ended);

    assertThat(ids("/v1/tasks?service=wan&state=open&limit=100"))
        .contains(open)
        .doesNotContain(ended);
    assertThat(ids("/v1/tasks?service=wan&state=ended&limit=100"))
        .contains(ended)
        .doesNotContain(open);
  }

  @Test
  void a_cancelled_task_ends_and_gives_its_money_back() {
    String id = api.submit("/veo/videos", HANG);

    Answer cancelled = api.post("/v1/tasks/" + id + "/cancel", "");
    JsonNode record = api.record("veo", id);

    assertThat(cancelled.status()).as("%s", cancelled).isEqualTo(200);
    assertThat(cancelled.json().path("state").asString()).isEqualTo("cancelled");
    assertThat(api.task(id).at("/charge/charged").asString()).isEqualTo("0");
    assertThat(record.at("/response/success").booleanValue()).isFalse();
    assertThat(record.path("finished_at").isNumber()).isTrue();
    assertThat(SdkReading.status(record)).isEqualTo("failed");
  }

  @Test
  void what_has_ended_cannot_be_cancelled() {
    String id = api.submit("/flux/images", Shapes.FLUX);
    api.ended(id);

    Shapes.assertError(api.post("/v1/tasks/" + id + "/cancel", ""), 409, "conflict");
    Shapes.assertError(api.post("/v1/tasks/" + Api.unknownId() + "/cancel", ""), 404, "not_found");
  }

  @Test
  void the_events_of_a_task_are_told_in_order_and_the_stream_ends_with_it() {
    String id =
        api.submit("/midjourney/imagine", "{\"prompt\":\"[[sandbox take=3s]] x\",\"async\":true}");

    List<Event> events = events(id, Map.of());

    assertThat(events.getFirst().type()).isEqualTo("task.accepted");
    assertThat(events.getFirst().id()).contains("1");
    assertThat(events.stream().map(Event::type)).contains("task.started");
    assertThat(events.getLast().type()).isEqualTo("task.succeeded");
    assertThat(events.getLast().data().at("/task/result/image_url").asString()).startsWith("http");
    List<Integer> ids =
        events.stream().flatMap(event -> event.id().stream()).map(Integer::valueOf).toList();
    assertThat(ids).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void a_stream_goes_on_after_the_last_event_its_reader_saw() {
    String id = api.submit("/flux/images", Shapes.FLUX);
    api.ended(id);
    List<Event> all = events(id, Map.of());

    List<Event> rest = events(id, Map.of("Last-Event-ID", all.getFirst().id().orElseThrow()));
    Answer none =
        api.get("/v1/tasks/" + id + "/events", "Last-Event-ID", all.getLast().id().orElseThrow());

    assertThat(rest).isEqualTo(all.subList(1, all.size()));
    assertThat(none.status()).isEqualTo(204);
  }

  private List<String> ids(String path) {
    Answer answer = api.get(path);
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return answer
        .json()
        .path("items")
        .valueStream()
        .map(item -> item.path("id").asString())
        .toList();
  }

  private record Event(Optional<String> id, String type, JsonNode data) {}

  private List<Event> events(String task, Map<String, String> headers) {
    var request = api.request("/v1/tasks/" + task + "/events", "accept", "text/event-stream").GET();
    headers.forEach(request::setHeader);
    var events = new ArrayList<Event>();
    try (var lines = api.lines(request)) {
      Optional<String> id = Optional.empty();
      String type = "";
      for (String line : (Iterable<String>) lines::iterator) {
        if (line.startsWith("id:")) {
          id = Optional.of(line.substring(3).strip());
        } else if (line.startsWith("event:")) {
          type = line.substring(6).strip();
        } else if (line.startsWith("data:")) {
          events.add(new Event(id, type, Json.read(line.substring(5))));
          id = Optional.empty();
        }
      }
    }
    return events;
  }
}
