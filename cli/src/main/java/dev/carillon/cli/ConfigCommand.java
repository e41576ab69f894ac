package dev.carillon.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `carillon config`: prints every key of the configuration with meaning, default, range and unit.
@Command(
    name = "config",
    description = "Print every configuration key, its default, range and unit.",
    mixinStandardHelpOptions = true)
final class ConfigCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Wiring.configKeys());
    } else {
      out.print(Wiring.configReference());
    }
    out.flush();
    return 0;
  }
}
