package dev.carillon.cli.store;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `carillon store import`.
@Command(
    name = "import",
    description = {"Fill an empty store from a file of 'carillon store export'."},
    mixinStandardHelpOptions = true,
    footer = StoreCommand.EXIT_CODES,
    sortOptions = false)
final class ImportCommand extends StoreAct {
  @Parameters(paramLabel = "FILE", description = "The file; - for standard input.")
  private String from = "-";

  @Override
  int run(StoreWork work) {
    return work.load(from);
  }
}
