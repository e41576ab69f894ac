package dev.carillon.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Receiver;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the gateway's feed answers is scripted here; the real one is in `cli` and `acceptance`.
@Timeout(60)
final class EndsFeedTest {
  private static final String FEED = "/v1/events";
  private static final String LOOKS = "/suno/tasks";
  private static final Reaction BEGIN = json(200, "{\"items\":[],\"next\":\"5\",\"more\":false}");
  private static final Reaction OPEN = json(200, "{\"items\":[{\"id\":\"t\",\"response\":{}}]}");
  private static final Reaction ENDED =
      json(
          200,
          "{\"items\":[{\"id\":\"t\",\"finished_at\":1,\"response\":{\"success\":true,\"by\":\"look\"}}]}");

  private final Receiver server = Receiver.start();
  private final Carillon carillon = Carillon.at(server.url(""), "token");

  @AfterEach
  void close() {
    server.close();
  }

  private static Reaction json(int status, String body) {
    return new Reaction.Answer(status, Map.of("Content-Type", "application/json"), body);
  }

  private static Reaction later(int seconds, Reaction then) {
    return new Reaction.After(Duration.ofSeconds(seconds), then);
  }

  private static String event(int place, String task) {
    return "{\"cursor\":\"%d\",\"event\":{\"id\":\"msg_%d\",\"type\":\"task.succeeded\",\"data\":{\"task_id\":\"%s\",\"state\":\"succeeded\",\"result\":{\"by\":\"feed\"}}}}"
        .formatted(place, place, task);
  }

  private static Reaction page(int next, String... items) {
    return json(
        200,
        "{\"items\":[%s],\"next\":\"%d\",\"more\":false}".formatted(String.join(",", items), next));
  }

  private TaskResult ended() throws Exception {
    return carillon.resume("suno", "t").whenEnded().get(50, TimeUnit.SECONDS);
  }

  @Test
  void a_task_is_looked_at_once_and_its_end_is_told_by_the_feed() throws Exception {
    server
        .on(LOOKS, OPEN)
        .on(FEED, BEGIN, later(4, page(7, event(6, "other"), event(7, "t"))), new Reaction.Hang());
    var _ = carillon.resume("suno", "earlier").whenEnded();
    server.await(FEED, 2, Duration.ofSeconds(30)); // it is listened to from here on

    assertThat(ended().result().path("by").asString()).isEqualTo("feed");

    assertThat(server.received(LOOKS)).filteredOn(look -> look.text().contains("\"t\"")).hasSize(1);
    assertThat(server.received(FEED).getFirst().target()).contains("after=now", "wait=0s");
    assertThat(server.received(FEED).get(1).target()).contains("after=5", "wait=45s");
  }

  @Test
  void a_token_that_may_not_read_the_feed_looks_by_itself() throws Exception {
    server
        .on(LOOKS, OPEN, ENDED)
        .on(FEED, json(403, "{\"error\":{\"code\":\"token_mismatched\"}}"));

    assertThat(ended().result().path("by").asString()).isEqualTo("look");
    assertThat(ended().result().path("by").asString()).isEqualTo("look");

    assertThat(server.received(FEED)).hasSize(1);
  }

  @Test
  void looks_go_on_when_the_feed_ends() throws Exception {
    server.on(LOOKS, OPEN, ENDED).on(FEED, BEGIN, later(2, json(401, "{}")));

    assertThat(ended().result().path("by").asString()).isEqualTo("look");
  }

  @Test
  void a_feed_that_tells_of_others_tasks_is_left() throws Exception {
    String[] others =
        IntStream.range(6, 5_010).mapToObj(i -> event(i, "x" + i)).toArray(String[]::new);
    server.on(LOOKS, OPEN, ENDED).on(FEED, BEGIN, later(1, page(5_010, others)));

    assertThat(ended().result().path("by").asString()).isEqualTo("look");

    assertThat(server.received(FEED)).hasSize(2);
  }

  @Test
  void a_place_that_the_gateway_does_not_know_is_begun_anew() throws Exception {
    server
        .on(LOOKS, OPEN)
        .on(
            FEED,
            BEGIN,
            json(400, "{\"error\":{\"code\":\"bad_request\"}}"),
            BEGIN,
            later(3, page(7, event(7, "t"))),
            new Reaction.Hang());

    assertThat(ended().result().path("by").asString()).isEqualTo("feed");

    assertThat(
            server.received(FEED).stream()
                .map(request -> request.target().replaceFirst(".*after=([^&]*).*", "$1"))
                .collect(Collectors.joining(" ")))
        .startsWith("now 5 now 5");
  }
}
