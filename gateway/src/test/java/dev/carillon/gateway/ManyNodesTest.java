package dev.carillon.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.Door.Answer;
import dev.carillon.gateway.store.postgres.PostgresBench;
import dev.carillon.testkit.Await;
import dev.carillon.testkit.Receiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole gateways on one PostgreSQL: what a caller sees of there being more than one.
final class ManyNodesTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String PATH = "/midjourney/imagine";

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  private final List<Door> nodes = new ArrayList<>();
  private String database = "";

  @BeforeEach
  void start_two() {
    database = PostgresBench.create();
    node("");
    node(first().token());
  }

  @AfterEach
  void close() {
    nodes.forEach(Door::close);
    PostgresBench.drop(database);
  }

  private void node(String token) {
    var settings =
        Map.of(
            "store", PostgresBench.server().url(database),
            "callback.allow-http", "true",
            "callback.allow-private", "true");
    nodes.add(new Door(folder.resolve("node-" + nodes.size()), settings, token));
  }

  private Door first() {
    return nodes.getFirst();
  }

  private Door second() {
    return nodes.get(1);
  }

  private static String prompt(String words) {
    return "{\"prompt\":\"" + words + "\",\"async\":true}";
  }

  private static String task(Answer answer) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return answer.text("/task_id");
  }

  private static String state(Door node, String id) {
    return node.get("/v1/tasks/" + id).text("/state");
  }

  private static Answer awaitState(Door node, String id, String state) {
    return Await.value(
        id + " is " + state,
        SOON,
        () ->
            Optional.of(node.get("/v1/tasks/" + id))
                .filter(answer -> answer.text("/state").equals(state)));
  }

  @Test
  void a_task_submitted_on_one_node_is_waited_for_on_another() {
    String id = task(first().post(PATH, prompt("[[sandbox take=1s]] a cat")));

    assertThat(second().ended(id).path("state").asString()).isEqualTo("succeeded");
  }

  @Test
  void a_task_is_cancelled_on_another_node_than_the_one_that_works_on_it() {
    String id = task(first().post(PATH, prompt("[[sandbox hang]] a cat")));
    awaitState(second(), id, "running");

    second().post("/v1/tasks/" + id + "/cancel", "{}");

    awaitState(first(), id, "cancelled");
    assertThat(state(second(), id)).isEqualTo("cancelled");
  }

  @Test
  void a_node_that_stops_leaves_its_work_to_the_others() {
    var ids = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      ids.add(task(first().post(PATH, prompt("[[sandbox take=3s]] a cat"))));
    }

    first().close();

    for (String id : ids) {
      assertThat(second().ended(id).path("state").asString()).isEqualTo("succeeded");
    }
  }

  @Test
  void the_same_key_on_two_nodes_is_one_task() {
    String body = prompt("[[sandbox take=1s]] a cat");
    var one =
        CompletableFuture.supplyAsync(() -> first().post(PATH, body, "Idempotency-Key", "same"));
    var two =
        CompletableFuture.supplyAsync(() -> second().post(PATH, body, "Idempotency-Key", "same"));

    assertThat(task(one.join())).isEqualTo(task(two.join()));
  }

  @Test
  void the_same_trace_id_without_a_key_on_two_nodes_is_one_task() {
    String body = "{\"prompt\":\"a cat\",\"async\":true,\"trace_id\":\"same\"}";
    String id = task(first().post(PATH, body));

    Answer again = second().post(PATH, body);

    assertThat(task(again)).isEqualTo(id);
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
  }

  @Test
  void every_task_is_called_back_whichever_node_took_it() throws Exception {
    try (Receiver receiver = Receiver.start()) {
      receiver.statuses("/hook", 200);
      String body = "{\"prompt\":\"a cat\",\"callback_url\":\"" + receiver.url("/hook") + "\"}";

      for (int i = 0; i < 4; i++) {
        task(nodes.get(i % 2).post(PATH, body));
      }

      assertThat(receiver.await("/hook", 4, SOON)).hasSize(4);
    }
  }
}
