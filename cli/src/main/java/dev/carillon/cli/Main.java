package dev.carillon.cli;

import dev.carillon.gateway.config.Keys;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command `carillon`. Exit codes: 0 done, 1 failed, 2 the command line was not understood.
@Command(
    name = "carillon",
    description = "A self-hosted gateway for generative media.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {ServeCommand.class, ConfigCommand.class, TrainCommand.class})
public final class Main implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /// Runs one command and exits with its code.
  ///
  /// @param arguments the command line
  public static void main(String[] arguments) {
    // Until `serve` knows the level that was asked for; Logback alone would log everything.
    Logging.start(Keys.LogLevel.WARN);
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler((failure, command, _) -> {
          command.getErr().println("carillon: " + reason(failure));
          return CommandLine.ExitCode.SOFTWARE;
        });
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "carillon: which command?");
  }

  private static String reason(Exception failure) {
    String what = Optional.ofNullable(failure.getMessage()).orElse(failure.toString());
    return Optional.ofNullable(failure.getCause())
        .map(Throwable::getMessage)
        .filter(why -> !what.contains(why))
        .map(why -> what + ": " + why)
        .orElse(what);
  }

  /// The version the jar's manifest names; `development` when run from classes.
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "carillon "
            + Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                .orElse("development")
      };
    }
  }
}
