package dev.carillon.cli;

import dev.carillon.cli.place.CommandFailure;
import dev.carillon.cli.provider.ProviderCommand;
import dev.carillon.cli.store.StoreCommand;
import dev.carillon.cli.task.BatchCommand;
import dev.carillon.cli.task.CallbackCommand;
import dev.carillon.cli.task.CompletionCommand;
import dev.carillon.cli.task.GenerateCommand;
import dev.carillon.cli.task.TaskCommand;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command `carillon`. Exit codes: those of [CommandFailure], and 0 for what was done.
@Command(
    name = "carillon",
    description = "A self-hosted gateway for generative media.",
    footer = "From a clone the launcher also knows: build, test, fmt, bench.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      ServeCommand.class,
      GenerateCommand.class,
      TaskCommand.class,
      CallbackCommand.class,
      BatchCommand.class,
      ListenCommand.class,
      EventsCommand.class,
      ConfigCommand.class,
      ProviderCommand.class,
      StoreCommand.class,
      AppCommand.class,
      TokenCommand.class,
      CreditCommand.class,
      UsageCommand.class,
      AccountCommand.class,
      CompletionCommand.class,
      TrainCommand.class
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /// Runs one command and exits with its code.
  ///
  /// @param arguments the command line
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler((failure, command, _) -> {
          command.getErr().println("carillon: " + reason(failure));
          return exitCode(failure);
        });
  }

  private static int exitCode(Exception failure) {
    return switch (failure) {
      case AdminException refused -> refused.exitCode();
      case CommandFailure ended -> ended.exitCode();
      case GatewayRefusal refused when refused.status() == 0 -> CommandFailure.UNREACHABLE;
      case GatewayRefusal _ -> CommandFailure.REFUSED;
      default -> CommandLine.ExitCode.SOFTWARE;
    };
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
