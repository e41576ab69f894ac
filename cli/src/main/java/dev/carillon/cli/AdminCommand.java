package dev.carillon.cli;

import dev.carillon.cli.text.Table;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A command of the operator: finds the data folder's gateway, running or stopped, and asks its
/// admin API.
abstract class AdminCommand implements Callable<Integer> {
  static final String EXIT_CODES =
      "%nExit codes: 0 done; 1 refused or failed; 2 the command line was not understood;"
          + " 3 there is no such thing; 4 the gateway or its data cannot be reached.";

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data folder of the gateway, which may be running or not (./data).")
  private @Nullable String data;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration file of the gateway (carillon.yaml, if it stands here).")
  private @Nullable Path file;

  @Option(names = "--json", description = "Print the answer as JSON.")
  private boolean json;

  /// Does the work and gives what is to be shown.
  abstract void run(AdminLine line);

  @Override
  public final Integer call() {
    var flags = new LinkedHashMap<String, String>();
    if (data != null) {
      flags.put("data", data);
    }
    try (AdminLine line = Wiring.adminLine(Optional.ofNullable(file), flags)) {
      run(line);
    }
    out().flush();
    return 0;
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /// Shows one thing: as JSON, or a line for each of these fields.
  final void show(JsonNode thing, List<String> fields) {
    if (json) {
      out().println(thing.toString());
      return;
    }
    for (String field : fields) {
      String value = Table.cell(thing.path(field));
      if (!value.isEmpty()) {
        out().println(field + ": " + value);
      }
    }
  }

  /// Shows a list: as JSON, or as a table of these fields.
  final void table(JsonNode list, List<String> fields) {
    if (json) {
      out().println(list.toString());
    } else {
      out().print(new Table(fields).of(list.path("items")));
    }
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static void put(ObjectNode body, String field, @Nullable String value) {
    if (value != null) {
      body.put(field, value);
    }
  }

  static String query(Map<String, @Nullable String> parameters) {
    var text = new StringBuilder();
    parameters.forEach((name, value) -> {
      if (value != null) {
        text.append(text.isEmpty() ? '?' : '&').append(name).append('=').append(encoded(value));
      }
    });
    return text.toString();
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// The id of the application that is named by its id or, where no other has it, by its name.
  static String application(AdminLine line, String idOrName) {
    if (isId(idOrName)) {
      return idOrName;
    }
    JsonNode found = line.get("/applications?name=" + encoded(idOrName)).path("items");
    return switch (found.size()) {
      case 0 ->
          throw new AdminException(
              AdminException.NOT_FOUND, "there is no application called '" + idOrName + "'");
      case 1 -> found.get(0).path("id").asString();
      default ->
          throw new AdminException(
              AdminException.FAILED,
              "several applications are called '" + idOrName + "': name it by its id");
    };
  }

  private static boolean isId(String text) {
    try {
      return UUID.fromString(text).toString().equalsIgnoreCase(text);
    } catch (IllegalArgumentException name) {
      return false;
    }
  }
}
