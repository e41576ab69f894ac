package dev.carillon.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A noun whose verbs are its subcommands: those of its annotation, and those it is made with,
/// which are read only when they are needed, as reading one takes a while.
public abstract class Group implements Runnable {
  /// Its words, once they are read.
  @Spec protected CommandSpec spec = CommandSpec.create();

  private final Map<String, Supplier<Object>> verbs;

  /// Made by the command line's reader, with the verbs of the annotation.
  protected Group() {
    this(Map.of());
  }

  /// @param verbs the commands by their names, in the order of the help
  protected Group(Map<String, Supplier<Object>> verbs) {
    this.verbs = new LinkedHashMap<>(verbs);
  }

  /// This noun with the verb that is named, or with all where none is.
  final CommandLine commandLine(String verb) {
    var line = new CommandLine(words());
    Supplier<Object> named = verbs.get(verb);
    Map<String, Supplier<Object>> read = named == null ? verbs : Map.of(verb, named);
    read.forEach((name, command) -> line.addSubcommand(name, command.get()));
    return line;
  }

  /// What picocli reads the noun's own words from: this with its annotations, or them written out.
  protected Object words() {
    return this;
  }

  @Override
  public final void run() {
    throw new ParameterException(spec.commandLine(), spec.name() + ": which command?");
  }
}
