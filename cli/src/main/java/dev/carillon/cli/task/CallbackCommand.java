package dev.carillon.cli.task;

import dev.carillon.cli.Group;
import dev.carillon.client.Carillon;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `carillon callback`: what became of the callbacks of this application's tasks.
@Command(
    name = "callback",
    description = "See callbacks and send them again.",
    mixinStandardHelpOptions = true)
public final class CallbackCommand extends Group {
  /// Made by the command line's reader.
  public CallbackCommand() {
    super(verbs());
  }

  private static Map<String, Supplier<Object>> verbs() {
    Map<String, Supplier<Object>> verbs = new LinkedHashMap<>();
    verbs.put("list", ListAll::new);
    verbs.put("show", Show::new);
    verbs.put("redeliver", Redeliver::new);
    return verbs;
  }

  @Command(
      name = "list",
      description = "List callbacks, newest first.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  static final class ListAll extends CallerCommand {
    @Option(names = "--limit", paramLabel = "N", description = "How many, 1 to 100 (20).")
    private int limit = 20;

    @Option(names = "--task", paramLabel = "ID", description = "Only of this task.")
    private @Nullable String task;

    @Option(names = "--state", paramLabel = "STATE", description = "Only such, as exhausted.")
    private @Nullable String state;

    @Option(names = "--after", paramLabel = "ID", description = "The page after this callback.")
    private @Nullable String after;

    @Override
    int run(Carillon carillon) throws InterruptedException {
      String query =
          new Query()
              .with("limit", "" + limit)
              .with("task", task)
              .with("state", state)
              .with("after", after)
              .toString();
      TaskCommand.list(carillon.get("/v1/deliveries" + query), this, "callback list --after");
      return 0;
    }
  }

  /// A command about one callback.
  abstract static class One extends CallerCommand {
    @Parameters(paramLabel = "ID", description = "The callback, as `callback list` shows it.")
    private String id = "";

    final String path() {
      if (!id.matches("[A-Za-z0-9_-]{1,100}")) {
        throw usage("'" + id + "' is no callback's id; `carillon callback list` shows them");
      }
      return "/v1/deliveries/" + id;
    }

    final void print(JsonNode callback) {
      show(
          callback,
          "id",
          "state",
          "type",
          "task_id",
          "url",
          "attempt_count",
          "next_at",
          "created_at");
      if (!json) {
        callback
            .path("attempts")
            .forEach(attempt ->
                out()
                    .println(
                        "attempt %s: %s, %s, %s ms %s"
                            .formatted(
                                attempt.path("number"),
                                attempt.path("started_at").asString(""),
                                attempt.path("status").isNumber()
                                    ? "status " + attempt.path("status")
                                    : attempt.path("failure").asString("no answer"),
                                attempt.path("took_ms"),
                                attempt.path("excerpt").asString("").strip())
                            .strip()));
      }
    }
  }

  @Command(
      name = "show",
      description = "Show a callback with all its attempts.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  static final class Show extends One {
    @Override
    int run(Carillon carillon) throws InterruptedException {
      print(carillon.get(path()));
      return 0;
    }
  }

  @Command(
      name = "redeliver",
      description = "Send a callback again, whatever became of it.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  static final class Redeliver extends One {
    @Override
    int run(Carillon carillon) throws InterruptedException {
      print(carillon.post(path() + "/redeliver", object()));
      return 0;
    }
  }
}
