package dev.carillon.cli.store;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `carillon store copy`.
@Command(
    name = "copy",
    description = {
      "Move a whole store into an empty one: from SQLite to PostgreSQL, back, or between two of a kind.",
      "Stop the gateways first. None starts on the old store afterwards."
    },
    mixinStandardHelpOptions = true,
    footer = StoreCommand.EXIT_CODES,
    sortOptions = false)
final class CopyCommand extends StoreAct {
  private static final String PLACE =
      "A data folder, a database file, or postgresql://user@host:port/database";

  @Option(names = "--from", paramLabel = "STORE", description = PLACE + " (the configured one).")
  private String from = "";

  @Option(names = "--to", paramLabel = "STORE", required = true, description = PLACE + ".")
  private String to = "";

  @Override
  int run(StoreWork work) {
    return work.copy(from, to);
  }
}
