package dev.carillon.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `carillon account`: who pays.
@Command(
    name = "account",
    description = "Manage accounts, which own applications and pay for them.",
    mixinStandardHelpOptions = true,
    footer = AdminCommand.EXIT_CODES,
    subcommands = {AccountCommand.Create.class, AccountCommand.ListAll.class})
final class AccountCommand extends Group {
  private static final List<String> FIELDS = List.of("id", "name", "general_balance", "created_at");

  @Command(name = "create", description = "Create an account.", mixinStandardHelpOptions = true)
  static final class Create extends AdminCommand {
    @Parameters(paramLabel = "NAME", description = "Its name.")
    private String name = "";

    @Option(names = "--credit", paramLabel = "N", description = "Credits to begin with.")
    private @Nullable String credit;

    @Override
    void run(AdminLine line) {
      ObjectNode body = object().put("name", name);
      put(body, "credit", credit);
      show(line.ask("POST", "/accounts", body), FIELDS);
    }
  }

  @Command(name = "list", description = "List accounts.", mixinStandardHelpOptions = true)
  static final class ListAll extends AdminCommand {
    @Override
    void run(AdminLine line) {
      table(line.get("/accounts?limit=300"), FIELDS);
    }
  }
}
