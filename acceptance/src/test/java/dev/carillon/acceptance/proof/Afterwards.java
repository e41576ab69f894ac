package dev.carillon.acceptance.proof;

import dev.carillon.testkit.Await;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/// Waits until a house is at rest, and writes the final state into the history as its API tells it:
/// every task, every event, the balance; then stops it, and notes whether its store is sound.
final class Afterwards {
  private static final Duration LONGEST = Duration.ofMinutes(6);

  private final House house;
  private final Run run;
  private final Random random;

  private Afterwards(House house) {
    this.house = house;
    this.run = house.run();
    this.random = run.random(300);
  }

  /// Waits, writes, and checks the whole history.
  ///
  /// @throws AssertionError when a law was broken, or the house does not come to rest
  static void check(House house) throws Exception {
    var afterwards = new Afterwards(house);
    afterwards.awaitRest();
    List<String> keys = afterwards.tasks();
    afterwards.awaitCallbacks(keys);
    afterwards.events();
    afterwards.balance();
    afterwards.store();
    house.run().history().note("end");
    house.run().history().flush();
    Checker.check(house.run());
  }

  private void awaitRest() {
    long began = System.nanoTime();
    Await.until(
        "no task is open",
        LONGEST,
        () -> {
          var reply = house.caller().get(base(), "/v1/tasks?state=open&limit=1");
          boolean none = reply.isOk() && reply.json().path("items").isEmpty();
          if (!none) {
            Run.pass(200);
          }
          return none;
        });
    run.say("at rest after %.1f s".formatted((System.nanoTime() - began) / 1e9));
  }

  private URI base() {
    return house.any(random).base();
  }

  private List<String> tasks() {
    var keys = new ArrayList<String>();
    String before = "";
    while (true) {
      JsonNode page = get("/v1/tasks?limit=100" + (before.isEmpty() ? "" : "&before=" + before));
      for (JsonNode task : page.path("items")) {
        String key = task.at("/request/prompt").asString().replaceFirst(" .*", "");
        keys.add(key);
        run.history()
            .note(
                "final",
                "task",
                task.path("id").asString(),
                "key",
                key,
                "state",
                task.path("state").asString(),
                "result",
                Load.result(task),
                "text",
                task.path("result").toString(),
                "error",
                task.path("error").toString(),
                "held",
                task.at("/charge/held").asString("0"),
                "charged",
                task.at("/charge/charged").asString("0"));
      }
      before = page.path("next").asString("");
      if (before.isEmpty() || page.path("items").isEmpty()) {
        return keys;
      }
    }
  }

  private void awaitCallbacks(List<String> keys) {
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    for (String key : keys) {
      while (!house.callbacks().has(key) && System.nanoTime() < deadline) {
        Run.pass(20);
      }
    }
    Await.until(
        "no callback is on its way",
        LONGEST,
        () -> {
          Run.pass(50);
          var reply = house.caller().get(base(), "/v1/deliveries?state=pending&limit=1");
          return reply.isOk() && reply.json().path("items").isEmpty();
        });
  }

  private void events() {
    String cursor = "";
    boolean more = true;
    while (more) {
      JsonNode page = get("/v1/events?limit=1000" + (cursor.isEmpty() ? "" : "&after=" + cursor));
      for (JsonNode item : page.path("items")) {
        run.history()
            .note(
                "event",
                "cursor",
                item.path("cursor").asString(),
                "id",
                item.at("/event/id").asString(),
                "type",
                item.at("/event/type").asString(),
                "task",
                item.at("/event/data/task_id").asString());
      }
      cursor = page.path("next").asString(cursor);
      more = page.path("more").asBoolean(false);
    }
  }

  private void balance() {
    var reply =
        house
            .caller()
            .post(
                base(), "/flux/images?dry_run=1", "{\"prompt\":\"x\"}", java.util.Optional.empty());
    run.history()
        .note(
            "balance",
            "spendable",
            reply.json().at("/balance/spendable").asString(),
            "given",
            House.CREDIT);
  }

  /// Stops the nodes in order and has the product look at the store they leave.
  private void store() {
    house.nodes().forEach(Node::stop);
    Command.Ending ending = house.nodes().getLast().checkStore();
    run.say("store check ended with %d".formatted(ending.status()));
    run.history().note("store", "status", ending.status(), "report", ending.output());
  }

  private JsonNode get(String path) {
    return Await.value(
        path,
        Duration.ofMinutes(1),
        () -> {
          var reply = house.caller().get(base(), path);
          return reply.isOk() ? java.util.Optional.of(reply.json()) : java.util.Optional.empty();
        });
  }
}
