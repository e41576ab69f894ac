package dev.carillon.cli.task;

import dev.carillon.cli.FeedConnection;
import dev.carillon.cli.FeedMessage;
import dev.carillon.cli.GatewayApi;
import dev.carillon.client.Carillon;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `carillon task follow`: prints a task's events as they come, until it has ended; over broken
/// connections too.
@Command(
    name = "follow",
    description = "Print a task's events until it has ended; with --json one object a line.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class FollowCommand extends TaskCommand.One {
  private static final Duration SILENCE = Duration.ofSeconds(45);
  private static final int MOST_FAILURES = 10;
  private static final Set<String> LAST =
      Set.of("task.succeeded", "task.failed", "task.cancelled", "task.expired");
  private static final JsonMapper JSON = new JsonMapper();

  private String place = "";
  private boolean succeeded;

  @Override
  int run(Carillon carillon) throws InterruptedException {
    String path = "/v1/tasks/" + id() + "/events";
    boolean connected = false;
    int failures = 0;
    try (GatewayApi gateway = streams();
        var _ = new Farewell(err(), goesOn(task(carillon)))) {
      while (true) {
        try {
          Optional<InputStream> events =
              gateway.stream(path, Optional.of(place).filter(id -> !id.isEmpty()));
          connected = true;
          failures = 0;
          if (events.isEmpty() || print(events.get())) {
            return succeeded ? 0 : 1;
          }
        } catch (IOException lost) {
          failures++;
          if (!connected || failures == MOST_FAILURES) {
            throw gateway.unreachable(lost);
          }
          TimeUnit.MILLISECONDS.sleep(500L * failures);
        }
      }
    }
  }

  /// @return whether that was the task's end
  private boolean print(InputStream events) throws IOException, InterruptedException {
    try (var connection = new FeedConnection(events)) {
      while (true) {
        FeedMessage message = connection.next(SILENCE);
        if (message.isHeartbeat()) {
          continue;
        }
        place = message.cursor().isEmpty() ? place : message.cursor();
        print(message);
        if (LAST.contains(message.type())) {
          succeeded = message.type().equals("task.succeeded");
          return true;
        }
      }
    }
  }

  private void print(FeedMessage message) {
    if (json) {
      out().println(message.data());
    } else {
      JsonNode event = JSON.readTree(message.data());
      out()
          .println(
              "%s %s %s %%"
                  .formatted(
                      event.path("at").asString("-"),
                      message.type(),
                      event.path("progress").asString("0")));
    }
    out().flush();
  }
}
