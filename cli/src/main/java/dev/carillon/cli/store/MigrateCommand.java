package dev.carillon.cli.store;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `carillon store migrate`.
@Command(
    name = "migrate",
    description = {
      "Bring the store's tables to the version of this Carillon, and make them where there are none.",
      "A gateway does so at its start by itself."
    },
    mixinStandardHelpOptions = true,
    footer = StoreCommand.EXIT_CODES,
    sortOptions = false)
final class MigrateCommand extends StoreAct {
  @Option(names = "--dry-run", description = "Only tell which scripts would be run.")
  private boolean dryRun;

  @Override
  int run(StoreWork work) {
    return work.migrate(dryRun);
  }
}
