package dev.carillon.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Receiver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class BatchPollerTest {
  private static final int MANY = 60;
  private static final String ENDED = "\"finished_at\":1,\"response\":{\"success\":true}";

  private final Receiver server = Receiver.start();
  private final Carillon carillon = Carillon.at(server.url(""), "token");

  @AfterEach
  void close() {
    server.close();
  }

  private static Reaction json(String body) {
    return new Reaction.Answer(200, Map.of("Content-Type", "application/json"), body);
  }

  private static String items(int from, int to, String rest) {
    return IntStream.range(from, to)
        .mapToObj(i -> "{\"id\":\"t" + i + "\"," + rest + "}")
        .collect(Collectors.joining(",", "{\"items\":[", "],\"count\":0}"));
  }

  @Test
  void many_tasks_are_asked_for_together_until_each_has_ended() throws Exception {
    server.on(
        "/suno/tasks",
        json(items(0, MANY, "\"response\":{}")),
        json(items(0, MANY, "\"response\":{}")),
        json(items(0, MANY, ENDED)));

    List<CompletableFuture<TaskResult>> ends =
        IntStream.range(0, MANY)
            .mapToObj(i -> carillon.resume("suno", "t" + i).whenEnded())
            .toList();

    for (int i = 0; i < MANY; i++) {
      TaskResult result = ends.get(i).get(30, TimeUnit.SECONDS);
      assertThat(result.taskId()).isEqualTo("t" + i);
      assertThat(result.isSuccess()).isTrue();
    }
    assertThat(server.received("/suno/tasks")).hasSizeLessThan(12);
    assertThat(server.received("/v1/tasks/t1")).isEmpty();
  }

  @Test
  void what_the_server_refuses_ends_the_wait() {
    server.on("/suno/tasks", new Reaction.Answer(401, Map.of(), "{}"));

    assertThatThrownBy(() -> carillon.resume("suno", "t").whenEnded().get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseInstanceOf(ServiceException.Unauthorized.class);
  }

  @Test
  void a_poller_that_had_nothing_left_begins_again() throws Exception {
    server.on(
        "/suno/tasks",
        json("{\"items\":[{\"id\":\"t\",\"finished_at\":1,\"response\":{\"success\":false}}]}"));

    for (int round = 0; round < 2; round++) {
      var end = carillon.resume("suno", "t").whenEnded().get(30, TimeUnit.SECONDS);
      assertThat(end.errorCode()).contains("unknown");
    }
  }

  @Test
  void a_slow_answer_makes_no_others_late() throws Exception {
    server
        .on("/suno/tasks", new Reaction.After(Duration.ofSeconds(20), json(items(0, 1, ENDED))))
        .on("/veo/tasks", json(items(0, 1, ENDED)));

    var slow = carillon.resume("suno", "t0").whenEnded();
    server.await("/suno/tasks", 1, Duration.ofSeconds(30));
    carillon.resume("veo", "t0").whenEnded().get(10, TimeUnit.SECONDS);

    assertThat(slow).isNotDone();
  }

  @Test
  void a_server_known_to_be_a_compatible_one_is_asked_for_nothing_else() throws Exception {
    server.on(
        "/suno/tasks",
        json("{\"id\":\"t0\",\"finished_at\":1,\"response\":{\"success\":true}}"),
        json(items(0, 1, ENDED)));
    TaskHandle task = Carillon.compatibleAt(server.url(""), "token").resume("suno", "t0");

    assertThat(task.await(Duration.ofSeconds(30)).isSuccess()).isTrue();
    assertThat(task.whenEnded().get(30, TimeUnit.SECONDS).isSuccess()).isTrue();

    assertThat(server.received()).allMatch(request -> request.path().equals("/suno/tasks"));
  }
}
