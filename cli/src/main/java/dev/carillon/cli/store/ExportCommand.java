package dev.carillon.cli.store;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `carillon store export`.
@Command(
    name = "export",
    description = {
      "Write the whole store to a file that any Carillon of this version or a newer one can import.",
      "Stop the gateways first. The file holds secrets: keep it as the store itself."
    },
    mixinStandardHelpOptions = true,
    footer = StoreCommand.EXIT_CODES,
    sortOptions = false)
final class ExportCommand extends StoreAct {
  @Parameters(paramLabel = "FILE", description = "The new file; - for standard output.")
  private String to = "-";

  @Override
  int run(StoreWork work) {
    return work.export(to);
  }
}
