package dev.carillon.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A noun whose verbs are its subcommands.
public abstract class Group implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /// Made by the command line's reader.
  protected Group() {}

  @Override
  public final void run() {
    throw new ParameterException(
        spec.commandLine(), "carillon " + spec.name() + ": which command?");
  }
}
