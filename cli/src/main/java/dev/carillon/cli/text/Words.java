package dev.carillon.cli.text;

import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The words of a command written out. Annotations say the same in fewer lines, but before they can
/// be read the virtual machine makes a class for each kind of them, which takes a short command as
/// long as its work.
public final class Words {
  private final CommandSpec spec;

  private Words(CommandSpec spec) {
    this.spec = spec;
  }

  /// Begins a command with its help.
  ///
  /// @param command what runs, or is asked for its words
  public static Words of(Object command, String name, String description) {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(command).name(name);
    spec.usageMessage().description(description).sortOptions(false);
    return new Words(spec);
  }

  /// Adds an option with a value.
  public Words option(String name, String label, String description, Consumer<String> takes) {
    spec.addOption(
        OptionSpec.builder(name)
            .type(String.class)
            .paramLabel(label)
            .description(description)
            .setter(setter(String.class, takes))
            .build());
    return this;
  }

  /// Adds an option without one.
  public Words flag(String name, String description, Consumer<Boolean> takes) {
    spec.addOption(
        OptionSpec.builder(name)
            .type(boolean.class)
            .description(description)
            .setter(setter(Boolean.class, takes))
            .build());
    return this;
  }

  /// Adds what must be given.
  public Words parameter(String label, String description, Consumer<String> takes) {
    spec.addPositional(
        PositionalParamSpec.builder()
            .type(String.class)
            .arity("1")
            .required(true)
            .paramLabel(label)
            .description(description)
            .setter(setter(String.class, takes))
            .build());
    return this;
  }

  private static <V> ISetter setter(Class<V> type, Consumer<V> takes) {
    return new ISetter() {
      @Override
      public <T> T set(T value) {
        // Before it reads, picocli sets what there is without a word: nothing.
        if (type.isInstance(value)) {
          takes.accept(type.cast(value));
        }
        return value;
      }
    };
  }

  /// The command, with `--help` and `--version` last.
  public CommandSpec spec() {
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .type(boolean.class)
            .usageHelp(true)
            .description("Show this help message and exit.")
            .build());
    spec.addOption(
        OptionSpec.builder("-V", "--version")
            .type(boolean.class)
            .versionHelp(true)
            .description("Print version information and exit.")
            .build());
    return spec;
  }
}
