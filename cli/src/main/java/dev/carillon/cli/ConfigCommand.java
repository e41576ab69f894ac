package dev.carillon.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `carillon config`: prints every key of the configuration with meaning, default, range and unit.
@Command(
    name = "config",
    description = "Print every configuration key, its default, range and unit.",
    mixinStandardHelpOptions = true)
final class ConfigCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    System.out.print(Wiring.configReference());
    return 0;
  }
}
