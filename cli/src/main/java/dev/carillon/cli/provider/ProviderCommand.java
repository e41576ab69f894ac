package dev.carillon.cli.provider;

import dev.carillon.cli.Group;
import picocli.CommandLine.Command;

/// `carillon provider`: what belongs to the files that describe providers.
@Command(
    name = "provider",
    description = "Try provider files out.",
    mixinStandardHelpOptions = true,
    subcommands = {ProviderCheckCommand.class})
public final class ProviderCommand extends Group {
  /// Made by the command line's reader.
  public ProviderCommand() {}
}
