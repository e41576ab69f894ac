package dev.carillon.cli.store;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `carillon store backup`.
@Command(
    name = "backup",
    description = {
      "Copy the SQLite store into a new file, as of one moment, while a gateway may run on it."
    },
    mixinStandardHelpOptions = true,
    footer = StoreCommand.EXIT_CODES,
    sortOptions = false)
final class BackupCommand extends StoreAct {
  @Parameters(paramLabel = "FILE", description = "The new file.")
  private Path to = Path.of("");

  @Override
  int run(StoreWork work) {
    return work.backup(to);
  }
}
