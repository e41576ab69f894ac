package dev.carillon.cli.store;

import dev.carillon.cli.Group;
import picocli.CommandLine.Command;

/// `carillon store`: what an operator does to a store besides running gateways on it.
@Command(
    name = "store",
    description = "Check, migrate, back up and move the store.",
    mixinStandardHelpOptions = true,
    footer = StoreCommand.EXIT_CODES,
    subcommands = {
      CheckCommand.class,
      MigrateCommand.class,
      BackupCommand.class,
      ExportCommand.class,
      ImportCommand.class,
      CopyCommand.class,
      ReopenCommand.class,
      RestoredCommand.class
    })
public final class StoreCommand extends Group {
  static final String EXIT_CODES =
      "%nExit codes: 0 done; 1 a law is broken; 2 the command line was not understood;"
          + " 3 refused, nothing was changed; 4 the store or the file cannot be reached.";

  /// Made by the command line's reader.
  public StoreCommand() {}
}
