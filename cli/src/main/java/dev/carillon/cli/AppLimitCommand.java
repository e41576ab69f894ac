package dev.carillon.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `carillon app limit`: what one application may do where that differs from the gateway's
/// settings.
@Command(
    name = "limit",
    description = {
      "Show or change the limits of an application.",
      "A limit is a number, or 'default' for what the gateway is set to."
    },
    mixinStandardHelpOptions = true)
final class AppLimitCommand extends AdminCommand {
  private static final String DEFAULT = "default";
  private static final List<String> FIELDS =
      List.of(
          "application_id",
          "create_per_second",
          "create_burst",
          "query_per_second",
          "query_burst",
          "open_tasks",
          "running_tasks",
          "weight",
          "services");

  @Parameters(paramLabel = "APP", description = "Its id or name.")
  private String app = "";

  @Option(
      names = "--service",
      paramLabel = "NAME",
      description = "Change new, open and running tasks of this service alone.")
  private @Nullable String service;

  @Option(names = "--create-per-second", paramLabel = "N", description = "New tasks a second.")
  private @Nullable String create;

  @Option(names = "--create-burst", paramLabel = "N", description = "New tasks sent at once.")
  private @Nullable String createBurst;

  @Option(
      names = "--query-per-second",
      paramLabel = "N",
      description = "Reading requests a second.")
  private @Nullable String query;

  @Option(names = "--query-burst", paramLabel = "N", description = "Reading requests sent at once.")
  private @Nullable String queryBurst;

  @Option(names = "--open-tasks", paramLabel = "N", description = "Tasks open at once.")
  private @Nullable String open;

  @Option(names = "--running-tasks", paramLabel = "N", description = "Tasks running at once.")
  private @Nullable String running;

  @Option(
      names = "--weight",
      paramLabel = "N",
      description = "Turns it has where another application has one (1 to 100).")
  private @Nullable String weight;

  @Override
  void run(AdminLine line) {
    ObjectNode limits = object();
    limit(limits, "create_per_second", create);
    limit(limits, "create_burst", createBurst);
    limit(limits, "query_per_second", query);
    limit(limits, "query_burst", queryBurst);
    limit(limits, "open_tasks", open);
    limit(limits, "running_tasks", running);
    limit(limits, "weight", weight);
    ObjectNode body = limits;
    if (service != null && !limits.isEmpty()) {
      body = object();
      body.putObject("services").set(service, limits);
    }
    String target = "/applications/" + application(line, app) + "/limits";
    show(body.isEmpty() ? line.get(target) : line.ask("PATCH", target, body), FIELDS);
  }

  private static void limit(ObjectNode body, String field, @Nullable String value) {
    if (value != null && value.equals(DEFAULT)) {
      body.putNull(field);
    } else {
      put(body, field, value);
    }
  }
}
