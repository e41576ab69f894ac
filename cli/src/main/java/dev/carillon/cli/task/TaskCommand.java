package dev.carillon.cli.task;

import dev.carillon.cli.Group;
import dev.carillon.cli.place.CommandFailure;
import dev.carillon.cli.text.Table;
import dev.carillon.cli.text.Words;
import dev.carillon.client.AnswerException;
import dev.carillon.client.Carillon;
import dev.carillon.client.CarillonException;
import dev.carillon.client.TaskHandle;
import dev.carillon.client.TaskSnapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `carillon task`: looks after tasks that were submitted, here or elsewhere.
public final class TaskCommand extends Group {
  /// Made by the command line's reader.
  public TaskCommand() {
    super(verbs());
  }

  private static Map<String, Supplier<Object>> verbs() {
    Map<String, Supplier<Object>> verbs = new LinkedHashMap<>();
    verbs.put("get", () -> new Get().words());
    verbs.put("list", ListAll::new);
    verbs.put("wait", Wait::new);
    verbs.put("cancel", Cancel::new);
    verbs.put("follow", FollowCommand::new);
    return verbs;
  }

  @Override
  protected Object words() {
    spec = Words.of(this, "task", "Look after tasks.").spec();
    return spec;
  }

  /// A command about one task.
  abstract static class One extends CallerCommand {
    private static final String ID = "The task.";
    private static final String SERVICE =
        "Its service; only a server without Carillon's own API must be told.";

    @Parameters(paramLabel = "ID", description = ID)
    private String id = "";

    @Option(names = "--service", paramLabel = "NAME", description = SERVICE)
    private String service = "";

    final CommandSpec written(String name, String description) {
      Words words = Words.of(this, name, description).parameter("ID", ID, text -> id = text);
      spec = addTo(words).option("--service", "NAME", SERVICE, text -> service = text).spec();
      return spec;
    }

    final String id() {
      if (!id.matches("[A-Za-z0-9_-]{1,100}")) {
        throw usage("'" + id + "' is no task id; `carillon task list` shows them");
      }
      return id;
    }

    final TaskHandle task(Carillon carillon) {
      return carillon.resume(service, id());
    }

    /// A server of the compatible API alone finds a task by its service and id.
    @Override
    final CommandFailure explained(CarillonException failure, CommandFailure usual) {
      return failure instanceof AnswerException && service.isEmpty()
          ? new CommandFailure(
              CommandFailure.USAGE,
              "this server must be told the task's service: give --service, such as --service suno")
          : usual;
    }
  }

  /// The one that scripts run again and again, so its words are written out.
  static final class Get extends One {
    CommandSpec words() {
      return written("get", "Show a task as it is now.");
    }

    @Override
    int run(Carillon carillon) throws InterruptedException {
      TaskSnapshot task = task(carillon).snapshot();
      if (json) {
        out().println(task.json());
        return 0;
      }
      out().println("id: " + task.taskId());
      out().println("state: " + task.state());
      show(
          task.json(),
          "progress",
          "service",
          "endpoint",
          "trace_id",
          "created_at",
          "finished_at",
          "charge/charged",
          "error/code",
          "error/message");
      task.typicallyLeft()
          .filter(left -> left.isPositive())
          .ifPresent(left -> out().println("left: about " + Spans.text(left)));
      task.result()
          .filter(result -> result.isSuccess())
          .ifPresent(result ->
              Artifacts.of(result.result(), Optional.empty())
                  .forEach(url -> out().println("result: " + url)));
      return 0;
    }
  }

  @Command(
      name = "list",
      description = "List tasks, newest first.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  static final class ListAll extends CallerCommand {
    @Option(names = "--limit", paramLabel = "N", description = "How many, 1 to 100 (20).")
    private int limit = 20;

    @Option(names = "--service", paramLabel = "NAME", description = "Only of this service.")
    private @Nullable String service;

    @Option(names = "--state", paramLabel = "open|ended", description = "Only such.")
    private @Nullable String state;

    @Option(names = "--before", paramLabel = "ID", description = "What is older than this task.")
    private @Nullable String before;

    @Override
    int run(Carillon carillon) throws InterruptedException {
      String query =
          new Query()
              .with("limit", "" + limit)
              .with("service", service)
              .with("state", state)
              .with("before", before)
              .toString();
      list(carillon.get("/v1/tasks" + query), this, "task list --before");
      return 0;
    }
  }

  /// Shows a page of a list, and how to see the next one.
  static void list(JsonNode page, CallerCommand command, String next) {
    if (command.json) {
      command.out().println(page);
      return;
    }
    List<String> fields =
        next.startsWith("task")
            ? List.of("id", "state", "progress", "service", "endpoint", "created_at")
            : List.of("id", "state", "type", "task_id", "attempt_count", "url", "changed_at");
    command.out().print(new Table(fields).of(page.path("items")));
    String more = page.path("next").asString("");
    if (!more.isEmpty()) {
      command.err().println("more: carillon " + next + " " + more);
    }
  }

  @Command(
      name = "wait",
      description = "Wait for a task's end and take its result.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  static final class Wait extends One {
    @Mixin private ResultOptions result = new ResultOptions();

    @Override
    int run(Carillon carillon) throws InterruptedException {
      TaskHandle task = task(carillon);
      try (var _ = new Farewell(err(), goesOn(task))) {
        return new Waiter(out(), err(), json, result).await(task, Optional.empty());
      }
    }
  }

  @Command(
      name = "cancel",
      description = "Cancel a task; a running one if its provider can.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  static final class Cancel extends One {
    @Override
    int run(Carillon carillon) throws InterruptedException {
      JsonNode answer = carillon.post("/v1/tasks/" + id() + "/cancel", object());
      show(answer, "id", "state", "cancellation");
      return 0;
    }
  }
}
