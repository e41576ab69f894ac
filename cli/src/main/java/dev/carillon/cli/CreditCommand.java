package dev.carillon.cli;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `carillon credit`: what accounts and applications may spend.
@Command(
    name = "credit",
    description = "Add credit and look at balances.",
    mixinStandardHelpOptions = true,
    footer = AdminCommand.EXIT_CODES,
    subcommands = {
      CreditCommand.Add.class,
      CreditCommand.Take.class,
      CreditCommand.ListAll.class,
      CreditCommand.Balance.class
    })
final class CreditCommand extends Group {
  private static final List<String> FIELDS =
      List.of("id", "account_id", "application_id", "amount", "balance", "at");

  @Command(
      name = "add",
      description = "Add credit to an application or an account.",
      mixinStandardHelpOptions = true)
  static final class Add extends Change {
    Add() {
      super("");
    }
  }

  @Command(
      name = "take",
      description = "Take credit off an application or an account, as far as the balance holds it.",
      mixinStandardHelpOptions = true)
  static final class Take extends Change {
    Take() {
      super("-");
    }
  }

  /// Adds or takes off.
  abstract static class Change extends AdminCommand {
    private final String sign;

    @Parameters(paramLabel = "AMOUNT", description = "Credits, such as 100 or 0.5.")
    private String amount = "";

    @Option(
        names = "--app",
        paramLabel = "APP",
        description = "The own balance of this application.")
    private @Nullable String app;

    @Option(
        names = "--account",
        paramLabel = "ID",
        description = "The general balance of this account, if there are more.")
    private @Nullable String account;

    @Option(
        names = "--id",
        paramLabel = "UUID",
        description = "A name for this act: repeating it with the same one adds nothing.")
    private @Nullable UUID id;

    Change(String sign) {
      this.sign = sign;
    }

    @Override
    final void run(AdminLine line) {
      ObjectNode body = object().put("amount", sign + amount);
      String named = app;
      put(body, "application_id", named == null ? null : application(line, named));
      put(body, "account_id", account);
      put(body, "id", id == null ? null : id.toString());
      show(line.ask("POST", "/credits", body), FIELDS);
    }
  }

  @Command(
      name = "list",
      description = "List what was added and taken off.",
      mixinStandardHelpOptions = true)
  static final class ListAll extends AdminCommand {
    @Override
    void run(AdminLine line) {
      table(
          line.get("/credits?limit=300"), List.of("at", "amount", "account_id", "application_id"));
    }
  }

  @Command(name = "balance", description = "Show balances.", mixinStandardHelpOptions = true)
  static final class Balance extends AdminCommand {
    @Override
    void run(AdminLine line) {
      table(line.get("/balances?limit=300"), List.of("id", "name", "general_balance"));
    }
  }
}
