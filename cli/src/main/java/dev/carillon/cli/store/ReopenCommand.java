package dev.carillon.cli.store;

import picocli.CommandLine.Command;

/// `carillon store reopen`.
@Command(
    name = "reopen",
    description = {
      "Let gateways start again on a store that was moved with 'carillon store copy'.",
      "Only where none has started on the new one: else tasks are done, and paid for, twice."
    },
    mixinStandardHelpOptions = true,
    footer = StoreCommand.EXIT_CODES,
    sortOptions = false)
final class ReopenCommand extends StoreAct {
  @Override
  int run(StoreWork work) {
    return work.reopen();
  }
}
