package dev.carillon.cli.store;

import picocli.CommandLine.Command;

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
  @Override
  int run(StoreWork work) {
    return work.check();
  }
}
