package dev.carillon.cli.store;

import picocli.CommandLine.Command;

/// `carillon store restored`.
@Command(
    name = "restored",
    description = {
      "To be run once after a store was set back to an earlier time, before a gateway starts on it.",
      "Places in feeds that readers still hold are not given again, so no reader passes over anything."
    },
    mixinStandardHelpOptions = true,
    footer = StoreCommand.EXIT_CODES,
    sortOptions = false)
final class RestoredCommand extends StoreAct {
  @Override
  int run(StoreWork work) {
    return work.restored();
  }
}
