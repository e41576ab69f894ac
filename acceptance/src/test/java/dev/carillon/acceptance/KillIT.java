package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Await;
import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.Receiver;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The process dies at each step of the walk, as by a power cut, and is started again on the same
/// data. Every task that was answered with 200 ends, once, and its callback arrives at least once,
/// always with the same body.
final class KillIT {
  private static final int BURST = 24;

  /// So many may keep silent in a row before their receiver is left alone for a while.
  private static final int FEW = 4;

  private static final Duration SOON = Duration.ofSeconds(30);

  private static GatewayProcess gateway;
  private static Receiver receiver;

  @BeforeAll
  static void start() {
    receiver = Receiver.start();
    gateway =
        GatewayProcess.start(Map.of("CARILLON_CALLBACK_RETRIES", "1s,1s,1s,1s,1s,1s,1s,1s,1s,1s"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    receiver.close();
  }

  /// One task and the path its callback goes to.
  private record Promise(String id, String path) {}

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void killed_while_orders_come_in(int round) throws Exception {
    var promises = new ConcurrentLinkedQueue<Promise>();

    burst(
        "in-" + round,
        "a cat",
        promises,
        taken -> {
          if (taken == BURST / (round + 1)) {
            gateway.kill();
          }
        });
    gateway.kill();

    assertThat(promises).isNotEmpty();
    assertKept(promises);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void killed_while_tasks_run(int round) throws Exception {
    Queue<Promise> promises = burst("running-" + round, "[[sandbox take=1s]] a cat");
    Api api = gateway.api();
    Await.until(
        "some tasks run",
        SOON,
        () -> promises.stream().anyMatch(promise -> state(api, promise).equals("running")));
    gateway.kill();

    assertKept(promises);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void killed_right_after_a_result(int round) throws Exception {
    Queue<Promise> promises = burst("result-" + round, "[[sandbox take=500ms]] a cat");
    Api api = gateway.api();
    Promise first = promises.peek();
    Await.until("the first result", SOON, () -> api.record("flux", first.id()).has("finished_at"));
    JsonNode before = api.record("flux", first.id());
    gateway.kill();

    assertKept(promises);
    assertThat(api.record("flux", first.id())).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void killed_while_a_receiver_keeps_silent(int round) throws Exception {
    String name = "silent-" + round;
    for (int i = 0; i < FEW; i++) {
      receiver.on(path(name, i), new Reaction.Hang(), Reaction.status(200));
    }
    Queue<Promise> promises = burst(name, "a cat");
    Await.until(
        "a callback hangs",
        SOON,
        () -> promises.stream().anyMatch(promise -> !receiver.received(promise.path()).isEmpty()));
    gateway.kill();

    assertKept(promises);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void killed_between_two_attempts_at_a_callback(int round) throws Exception {
    String name = "attempts-" + round;
    for (int i = 0; i < BURST; i++) {
      receiver.statuses(path(name, i), 500, 200);
    }
    Queue<Promise> promises = burst(name, "a cat");
    for (int i = 0; i < BURST; i++) {
      receiver.await(path(name, i), 1, SOON);
    }
    gateway.kill();

    assertKept(promises);
    for (int i = 0; i < BURST; i++) {
      assertThat(receiver.await(path(name, i), 2, SOON)).hasSizeGreaterThanOrEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void killed_twice_in_a_row(int round) throws Exception {
    Queue<Promise> promises = burst("twice-" + round, "[[sandbox take=1s]] a cat");
    gateway.kill();
    gateway.startAgain();
    gateway.kill();

    assertKept(promises);
  }

  private static void assertKept(Queue<Promise> promises) throws InterruptedException {
    gateway.startAgain();
    Api api = gateway.api();

    for (Promise promise : promises) {
      JsonNode record = api.finished("flux", promise.id());
      Shapes.assertSucceeded(record);
      List<Received> callbacks = receiver.await(promise.path(), 1, SOON);
      assertThat(callbacks.stream().map(Received::text).collect(Collectors.toSet())).hasSize(1);
      assertThat(Json.read(callbacks.getFirst().text())).isEqualTo(record.path("response"));
      assertThat(endings(api, promise.id())).containsExactly("task.succeeded");
      assertThat(api.record("flux", promise.id())).isEqualTo(record);
    }
  }

  /// The events that end a task; there must be one.
  private static List<String> endings(Api api, String id) {
    try (Stream<String> lines = api.lines(api.request("/v1/tasks/" + id + "/events").GET())) {
      return lines
          .filter(line -> line.startsWith("event:"))
          .map(line -> line.substring("event:".length()).strip())
          .filter(
              type -> !List.of("task.accepted", "task.started", "task.progressed").contains(type))
          .toList();
    }
  }

  private static String state(Api api, Promise promise) {
    return api.task(promise.id()).path("state").asString();
  }

  private static String path(String name, int number) {
    return "/" + name + "/" + number;
  }

  private static Queue<Promise> burst(String name, String prompt) {
    var promises = new ConcurrentLinkedQueue<Promise>();
    burst(name, prompt, promises, _ -> {});
    assertThat(promises).hasSize(BURST);
    return promises;
  }

  /// Sends a burst of orders at once and notes those that were answered with 200.
  private static void burst(
      String name, String prompt, Queue<Promise> promises, Consumer<Integer> taken) {
    Api api = gateway.api();
    try (var senders = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory())) {
      for (int i = 0; i < BURST; i++) {
        String path = path(name, i);
        String body =
            Json.of(
                Map.of(
                    "prompt",
                    prompt,
                    "action",
                    "generate",
                    "size",
                    "512x512",
                    "callback_url",
                    receiver.url(path).toString()));
        senders.execute(() -> {
          try {
            Answer answer = api.post("/flux/images", body);
            if (answer.status() == 200) {
              promises.add(new Promise(answer.json().path("task_id").asString(), path));
              taken.accept(promises.size());
            }
          } catch (UncheckedIOException dead) {
            // The process died before it answered: nothing was promised.
          }
        });
      }
    }
  }
}
