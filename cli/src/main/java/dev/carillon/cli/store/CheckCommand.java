package dev.carillon.cli.store;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `carillon store check`.
@Command(
    name = "check",
    description = {
      "Look whether the store keeps its laws; it is only read, and a gateway may run on it.",
      "Prints how much there is, and for each broken law the ids."
    },
    mixinStandardHelpOptions = true,
    footer = StoreCommand.EXIT_CODES,
    sortOptions = false)
final class CheckCommand extends StoreAct {
  @Parameters(
      paramLabel = "STORE",
      arity = "0..1",
      description =
          "A data folder, a database file such as a backup, or postgresql://user@host:port/database"
              + " (the configured one).")
  private String other = "";

  @Override
  int run(StoreWork work) {
    return work.check(other);
  }
}
