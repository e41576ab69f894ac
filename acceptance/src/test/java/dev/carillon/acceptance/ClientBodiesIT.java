package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// The bodies that the official clients send, as recorded from them: none is refused, and each
/// ends.
///
/// `client-bodies.jsonl` holds one order a line. Those that go on from an earlier work name one
/// that this gateway never made: that may fail the task, never the request.
@ExtendWith(SharedGateway.class)
final class ClientBodiesIT {
  private static final String FOREIGN = "11111111-2222-3333-4444-555555555555";

  private final Api api;

  ClientBodiesIT(Api api) {
    this.api = api;
  }

  @TestFactory
  Stream<DynamicTest> every_body_of_an_official_client_is_taken_and_ends() throws IOException {
    List<JsonNode> orders = orders();
    Map<Integer, String> failures = new ConcurrentHashMap<>();
    try (var callers = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory())) {
      for (int i = 0; i < orders.size(); i++) {
        int number = i;
        callers.execute(() -> {
          try {
            check(orders.get(number));
          } catch (AssertionError failure) {
            failures.put(number, String.valueOf(failure.getMessage()));
          }
        });
      }
    }
    return IntStream.range(0, orders.size())
        .mapToObj(i ->
            DynamicTest.dynamicTest(
                orders.get(i).toString(), () -> assertThat(failures.get(i)).isNull()));
  }

  private void check(JsonNode order) {
    String body = order.path("body").toString();
    boolean foreign = body.contains(FOREIGN);

    Answer answer = api.post(order.path("path").asString(), body);

    if (foreign && answer.status() != 200) {
      // An inline answer: the task failed, for a reason that is not the form of the request.
      assertThat(answer.errorCode()).as("%s", answer).isNotEmpty();
      assertThat(answer.header("carillon-task-id")).as("%s", answer).isPresent();
      return;
    }
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    String id = answer.json().path("task_id").asString("");
    if (!id.isEmpty()) {
      String state = api.ended(id).path("state").asString();
      assertThat(state)
          .as("%s", api.task(id))
          .isIn(foreign ? List.of("succeeded", "failed") : List.of("succeeded"));
    }
  }

  private static List<JsonNode> orders() throws IOException {
    try (var in =
        Objects.requireNonNull(ClientBodiesIT.class.getResourceAsStream("client-bodies.jsonl"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(Json::read).toList();
    }
  }
}
