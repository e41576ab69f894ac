package dev.carillon.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `carillon app`: the applications that tokens belong to.
@Command(
    name = "app",
    description = "Manage applications.",
    mixinStandardHelpOptions = true,
    footer = AdminCommand.EXIT_CODES,
    subcommands = {
      AppCommand.Create.class,
      AppCommand.ListAll.class,
      AppCommand.Show.class,
      AppCommand.Set.class,
      AppCommand.Disable.class,
      AppCommand.Enable.class,
      AppLimitCommand.class
    })
final class AppCommand extends Group {
  private static final List<String> FIELDS =
      List.of(
          "id",
          "name",
          "scope",
          "service",
          "remaining_amount",
          "used_amount",
          "allow_consume_global",
          "disabled",
          "user_id",
          "created_at");
  private static final List<String> COLUMNS =
      List.of("id", "name", "service", "remaining_amount", "used_amount", "disabled");

  @Command(
      name = "create",
      description = "Create an application of one service or, without --service, of all.",
      mixinStandardHelpOptions = true)
  static final class Create extends AdminCommand {
    @Parameters(paramLabel = "NAME", description = "Its name.")
    private String name = "";

    @Option(names = "--service", paramLabel = "NAME", description = "The one service it is for.")
    private @Nullable String service;

    @Option(
        names = "--general-balance",
        description = "Let the account's general balance pay when its own is empty.")
    private boolean general;

    @Option(names = "--credit", paramLabel = "N", description = "Credits of its own to begin with.")
    private @Nullable String credit;

    @Option(names = "--account", paramLabel = "ID", description = "Whose it is, if there are more.")
    private @Nullable String account;

    @Override
    void run(AdminLine line) {
      ObjectNode body = object().put("name", name);
      put(body, "service", service);
      put(body, "account_id", account);
      put(body, "credit", credit);
      if (general) {
        body.put("allow_consume_global", true);
      }
      show(line.ask("POST", "/applications", body), FIELDS);
    }
  }

  @Command(name = "list", description = "List applications.", mixinStandardHelpOptions = true)
  static final class ListAll extends AdminCommand {
    @Override
    void run(AdminLine line) {
      table(line.get("/applications?limit=300"), COLUMNS);
    }
  }

  @Command(name = "show", description = "Show an application.", mixinStandardHelpOptions = true)
  static final class Show extends AdminCommand {
    @Parameters(paramLabel = "APP", description = "Its id or name.")
    private String app = "";

    @Override
    void run(AdminLine line) {
      show(line.get("/applications/" + application(line, app)), FIELDS);
    }
  }

  @Command(name = "set", description = "Change an application.", mixinStandardHelpOptions = true)
  static final class Set extends AdminCommand {
    @Parameters(paramLabel = "APP", description = "Its id or name.")
    private String app = "";

    @Option(names = "--name", paramLabel = "NAME", description = "Another name.")
    private @Nullable String name;

    @Option(
        names = "--general-balance",
        paramLabel = "true|false",
        arity = "1",
        description = "Whether the account's general balance pays when its own is empty.")
    private @Nullable Boolean general;

    @Override
    void run(AdminLine line) {
      ObjectNode body = object();
      put(body, "name", name);
      if (general != null) {
        body.put("allow_consume_global", general);
      }
      show(line.ask("PATCH", "/applications/" + application(line, app), body), FIELDS);
    }
  }

  @Command(
      name = "disable",
      description = "Refuse every request of an application from now on; its tasks go on.",
      mixinStandardHelpOptions = true)
  static final class Disable extends AdminCommand {
    @Parameters(paramLabel = "APP", description = "Its id or name.")
    private String app = "";

    @Override
    void run(AdminLine line) {
      ObjectNode body = object().put("disabled", true);
      show(line.ask("PATCH", "/applications/" + application(line, app), body), FIELDS);
    }
  }

  @Command(
      name = "enable",
      description = "Take an application's requests again.",
      mixinStandardHelpOptions = true)
  static final class Enable extends AdminCommand {
    @Parameters(paramLabel = "APP", description = "Its id or name.")
    private String app = "";

    @Override
    void run(AdminLine line) {
      ObjectNode body = object().put("disabled", false);
      show(line.ask("PATCH", "/applications/" + application(line, app), body), FIELDS);
    }
  }
}
