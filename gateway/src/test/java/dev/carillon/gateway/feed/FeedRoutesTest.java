package dev.carillon.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.NativeServer;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.callback.EventBody;
import dev.carillon.gateway.domain.callback.FeedItem;
import dev.carillon.gateway.http.Routes;
import dev.carillon.testkit.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

final class FeedRoutesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final FeedConfig CONFIG =
      new FeedConfig(
          Duration.ofSeconds(20),
          Duration.ofSeconds(30),
          true,
          new FeedConfig.Kept(Duration.ofDays(30), InstantSource.system()));

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private NativeServer server;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Waiting waiting;

  @BeforeEach
  void open() {
    server =
        new NativeServer(
            folder,
            made -> {
              waiting = new Waiting(made.store, 2);
              return new FeedRoutes(CONFIG, made.access, made.store, waiting, made.clock)
                  .addTo(new Routes());
            });
  }

  @AfterEach
  void close() {
    waiting.close();
    server.close();
    assertThat(waiting.held()).as("places given back").isZero();
  }

  @Test
  void the_feed_holds_the_bytes_of_the_webhooks_in_order() {
    Task first = succeed();
    Task second = succeed();
    server.succeed(server.other, Optional.empty());

    var page = server.get("/v1/events").is(200);

    List<FeedItem> stored = server.store.feed().feed(server.mine.id(), 0, 10);
    assertThat(stored).hasSize(2);
    for (FeedItem item : stored) {
      String body = new String(EventBody.of(item), StandardCharsets.UTF_8);
      assertThat(page.text())
          .contains("{\"cursor\":\"" + item.position() + "\",\"event\":" + body + "}");
    }
    assertThat(tasks(page.json())).containsExactly(first.id().toString(), second.id().toString());
    assertThat(page.json().path("more").booleanValue(true)).isFalse();
  }

  @Test
  void it_is_read_on_from_a_cursor() {
    Task first = succeed();
    Task second = succeed();

    JsonNode page = server.get("/v1/events?limit=1").json();
    assertThat(tasks(page)).containsExactly(first.id().toString());
    assertThat(page.path("more").booleanValue()).isTrue();
    assertThat(page.path("next")).isEqualTo(page.path("items").get(0).path("cursor"));

    JsonNode next = server.get("/v1/events?after=" + next(page)).json();
    assertThat(tasks(next)).containsExactly(second.id().toString());
    JsonNode none = server.get("/v1/events?after=" + next(next)).json();
    assertThat(none.path("items").isEmpty()).isTrue();
    assertThat(next(none)).isEqualTo(next(next));
  }

  @Test
  void it_is_read_from_now_and_from_a_time() {
    succeed();
    server.clock.advance(Duration.ofHours(2));
    Task late = succeed();

    assertThat(server.get("/v1/events?after=now").json().path("items").isEmpty()).isTrue();
    assertThat(tasks(server.get("/v1/events?since=1h").json()))
        .containsExactly(late.id().toString());
    String since = server.clock.instant().minusSeconds(60).toString();
    assertThat(tasks(server.get("/v1/events?since=" + since).json()))
        .containsExactly(late.id().toString());
    assertThat(tasks(server.get("/v1/events?since=3h").json())).hasSize(2);
  }

  @Test
  void only_the_types_asked_for_are_read_and_the_cursor_still_moves() {
    succeed();

    JsonNode none = server.get("/v1/events?types=task.failed,task.cancelled").json();
    assertThat(none.path("items").isEmpty()).isTrue();
    assertThat(Long.parseLong(next(none))).isPositive();
    assertThat(tasks(server.get("/v1/events?types=task.succeeded").json())).hasSize(1);
  }

  @Test
  void a_reader_who_waits_is_answered_when_something_happens() throws Exception {
    String now = next(server.get("/v1/events?after=now").json());
    long began = System.nanoTime();
    var waits =
        CompletableFuture.supplyAsync(
            () -> server.get("/v1/events?wait=20s&after=" + now).is(200).json());
    Await.until("the request waits", PATIENCE, () -> waiting.held() == 1);
    assertThat(waits).isNotDone();

    Task task = succeed();

    assertThat(tasks(waits.get(20, TimeUnit.SECONDS))).containsExactly(task.id().toString());
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .as("by the bell, not by the floor")
        .isLessThan(Waiting.FLOOR);
  }

  @Test
  void a_wait_without_news_ends_with_nothing_and_with_what_is_there_at_once() {
    assertThat(server.get("/v1/events?wait=50ms").is(200).json().path("items").isEmpty()).isTrue();
    succeed();
    long began = System.nanoTime();
    assertThat(tasks(server.get("/v1/events?wait=20s").json())).hasSize(1);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void one_application_does_not_wake_by_the_other_and_sees_nothing_of_it() {
    server.succeed(server.other, Optional.empty());

    assertThat(server.get("/v1/events?wait=50ms").json().path("items").isEmpty()).isTrue();
  }

  @Test
  void a_stopping_gateway_answers_those_who_wait() throws Exception {
    var waits = CompletableFuture.supplyAsync(() -> server.get("/v1/events?wait=20s").is(200));
    Await.until("the request waits", PATIENCE, () -> waiting.held() == 1);

    waiting.close();

    assertThat(
            waits.get(Waiting.FLOOR.toSeconds(), TimeUnit.SECONDS).json().path("items").isEmpty())
        .isTrue();
  }

  @Test
  void past_the_bound_of_waiters_a_reader_is_answered_at_once_and_a_stream_refused() {
    try (var _ = waiting.place().orElseThrow();
        var _ = waiting.place().orElseThrow()) {
      long began = System.nanoTime();
      server.get("/v1/events?wait=20s").is(200);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
      var refused = server.streaming("/v1/events").is(503);
      assertThat(refused.whole().headers().firstValue("retry-after")).isPresent();
    }
  }

  @Test
  void a_stream_sends_what_is_there_and_what_comes_and_is_taken_up_where_it_broke()
      throws Exception {
    Task first = succeed();
    List<String> ids = new ArrayList<>();
    try (var stream = reader("/v1/events", Optional.empty())) {
      ids.add(expect(stream, first));
      ids.add(expect(stream, succeed()));
    }
    Task missed = succeed();

    try (var stream = reader("/v1/events?after=0", Optional.of(ids.getLast()))) {
      expect(stream, missed);
      expect(stream, succeed());
    }
  }

  @Test
  void a_stream_tells_the_place_where_it_begins_even_when_nothing_is_there() throws Exception {
    succeed();
    String end = next(server.get("/v1/events?after=now").json());

    try (var stream = reader("/v1/events?types=task.failed", Optional.empty())) {
      String line = stream.readLine();
      while (!line.startsWith("id: ")) {
        line = stream.readLine();
      }
      assertThat(line).isEqualTo("id: " + end);
      assertThat(stream.readLine()).isEmpty();
    }
  }

  /// Reads up to the event of a task and checks it.
  ///
  /// @return the id of the event in the stream
  private String expect(BufferedReader stream, Task task) throws IOException {
    String id = "";
    for (String line = stream.readLine(); line != null; line = stream.readLine()) {
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        assertThat(line).isEqualTo("event: task.succeeded");
        FeedItem item =
            server.store.feed().feed(server.mine.id(), Long.parseLong(id) - 1, 1).getFirst();
        assertThat(stream.readLine())
            .isEqualTo("data: " + new String(EventBody.of(item), StandardCharsets.UTF_8))
            .contains(task.id().toString());
        return id;
      }
    }
    throw new AssertionError("the stream ended");
  }

  @Test
  void a_consumer_reads_on_from_what_it_acknowledged() {
    Task first = succeed();
    Task second = succeed();
    JsonNode page = server.get("/v1/events?consumer=billing&limit=1").json();
    assertThat(tasks(page)).containsExactly(first.id().toString());

    JsonNode kept = put("billing", "{\"cursor\":\"" + next(page) + "\"}").is(200).json();

    assertThat(kept.path("name").asString()).isEqualTo("billing");
    assertThat(kept.path("cursor").asString()).isEqualTo(next(page));
    assertThat(tasks(server.get("/v1/events?consumer=billing").json()))
        .containsExactly(second.id().toString());
    assertThat(server.get("/v1/consumers/billing").json()).isEqualTo(kept);
    assertThat(server.get("/v1/consumers").json().path("items").get(0)).isEqualTo(kept);
    assertThat(
            server
                .send(server.other, "GET", "/v1/consumers", Optional.empty())
                .json()
                .path("items")
                .isEmpty())
        .isTrue();
    server.send(server.other, "GET", "/v1/consumers/billing", Optional.empty()).is(404);
  }

  @Test
  void a_consumer_may_begin_now_and_be_forgotten() {
    succeed();
    put("late", "{\"cursor\":\"now\"}").is(200);

    assertThat(server.get("/v1/events?consumer=late").json().path("items").isEmpty()).isTrue();
    server.send(server.mine, "DELETE", "/v1/consumers/late", Optional.empty()).is(204);
    server.send(server.mine, "DELETE", "/v1/consumers/late", Optional.empty()).is(404);
    server.get("/v1/consumers/late").is(404);
    assertThat(tasks(server.get("/v1/events?consumer=late").json())).hasSize(1);
  }

  @Test
  void an_application_has_at_most_a_hundred_consumers() {
    for (int i = 0; i < 100; i++) {
      put("c" + i, "{\"cursor\":\"0\"}").is(200);
    }

    assertThat(put("one-more", "{\"cursor\":\"0\"}").is(409).text()).contains("100 consumers");
    put("c7", "{\"cursor\":\"0\"}").is(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "after=x|after must be a cursor",
        "after=999999999999|beyond the end",
        "since=soon|since must be a time",
        "types=task.accepted|each of types must be one of task.started",
        "types=task.done|each of types must be one of",
        "wait=soon|wait must be a duration",
        "limit=1001|limit must be a whole number from 1 to 1000",
        "consumer=a%20b|a consumer's name must have",
        "consumer=a&after=1|only one of after, since and consumer"
      })
  void what_cannot_be_read_is_refused_by_its_name(String query, String why) {
    assertThat(server.get("/v1/events?" + query).is(400).text()).contains(why);
  }

  @Test
  void an_acknowledgement_names_a_place_of_this_feed() {
    assertThat(put("a", "{}").is(400).text()).contains("cursor is missing");
    assertThat(put("a", "{\"cursor\":7}").is(400).text()).contains("cursor must be a text");
    assertThat(put("a", "{\"cursor\":\"999999999999\"}").is(400).text()).contains("beyond the end");
    assertThat(put("a%20b", "{\"cursor\":\"0\"}").is(400).text()).contains("a consumer's name");
    server.anonymous("/v1/events").is(400);
    server.anonymous("/v1/consumers").is(400);
  }

  private Task succeed() {
    return server.succeed(server.mine, Optional.empty());
  }

  private NativeServer.Answered put(String consumer, String body) {
    return server.send(server.mine, "PUT", "/v1/consumers/" + consumer, Optional.of(body));
  }

  private BufferedReader reader(String path, Optional<String> last) {
    return new BufferedReader(
        new InputStreamReader(server.stream(path, last), StandardCharsets.UTF_8));
  }

  private static String next(JsonNode page) {
    return page.path("next").asString();
  }

  private static List<String> tasks(JsonNode page) {
    return page.path("items").values().stream()
        .map(item -> item.at("/event/data/task_id").asString())
        .toList();
  }
}
