package dev.carillon.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `carillon usage`: tasks, credits and durations by application, day, service and API.
@Command(
    name = "usage",
    description = "Show what was used.",
    mixinStandardHelpOptions = true,
    footer = AdminCommand.EXIT_CODES)
final class UsageCommand extends AdminCommand {
  @Option(names = "--app", paramLabel = "APP", description = "Of this application only.")
  private @Nullable String app;

  @Option(names = "--from", paramLabel = "DAY", description = "First day, UTC (29 days before).")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "DAY", description = "Last day, UTC (today).")
  private @Nullable String to;

  @Option(
      names = "--group",
      paramLabel = "WORDS",
      defaultValue = "day,service",
      description = "Of application, day, service and api (${DEFAULT-VALUE}).")
  private String group = "day,service";

  @Option(names = "--csv", description = "Print CSV.")
  private boolean csv;

  @Override
  void run(AdminLine line) {
    var query = new LinkedHashMap<String, @Nullable String>();
    query.put("from", from);
    query.put("to", to);
    query.put("group", group);
    String named = app;
    if (named != null) {
      query.put("application_id", application(line, named));
    }
    String target = "/usage" + query(query);
    if (csv) {
      out().print(line.text(target, "text/csv"));
      return;
    }
    var columns = new ArrayList<>(List.of(group.split(",", -1)));
    columns.addAll(List.of("tasks", "succeeded", "failed", "charged", "mean_seconds"));
    table(line.get(target), columns);
  }
}
