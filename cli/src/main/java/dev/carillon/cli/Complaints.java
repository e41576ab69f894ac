package dev.carillon.cli;

import dev.carillon.cli.place.CommandFailure;
import dev.carillon.gateway.domain.Spelling;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import tools.jackson.databind.node.JsonNodeFactory;

/// How a command says that it did not do what was asked: one line for people on standard error,
/// with the next step, and for a program that asked for JSON one object on standard output.
final class Complaints {
  private static final String JSON = "--json";

  private Complaints() {}

  /// A command that was begun.
  static int failed(Exception failure, CommandLine command, ParseResult parsed) {
    int code = exitCode(failure);
    say(command, parsed.originalArgs(), reason(failure), code);
    return code;
  }

  /// A command line that means nothing.
  static int misunderstood(ParameterException why, String[] arguments) {
    CommandLine command = why.getCommandLine();
    String said = String.valueOf(why.getMessage()).replaceFirst("^carillon: *", "");
    String like = why instanceof UnmatchedArgumentException odd ? like(command, odd) : "";
    String help = " `" + command.getCommandSpec().qualifiedName() + " --help` tells what there is.";
    say(
        command,
        List.of(arguments),
        sentence(said.replaceFirst("[.]$", "") + like) + help,
        CommandFailure.USAGE);
    return CommandFailure.USAGE;
  }

  private static String like(CommandLine command, UnmatchedArgumentException odd) {
    String first = odd.getUnmatched().getFirst();
    CommandSpec known = command.getCommandSpec();
    return Spelling.didYouMean(
        first.split("=", 2)[0],
        first.startsWith("-") ? known.optionsMap().keySet() : known.subcommands().keySet());
  }

  private static String sentence(String said) {
    return said.matches("(?s).*[.?!]") ? said : said + ".";
  }

  private static void say(CommandLine command, List<String> arguments, String message, int code) {
    if (arguments.contains(JSON) && hasOption(command.getCommandSpec())) {
      var object = JsonNodeFactory.instance.objectNode();
      object.putObject("error").put("exit_code", code).put("message", message);
      command.getOut().println(object);
      command.getOut().flush();
    }
    command.getErr().println("carillon: " + message);
    command.getErr().flush();
  }

  private static boolean hasOption(CommandSpec command) {
    return command.findOption(JSON) != null || !command.subcommands().isEmpty();
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

  private static String reason(Exception failure) {
    if (failure instanceof NoSuchFileException none) {
      return "there is no file " + none.getFile() + "; name one that is there";
    }
    if (failure instanceof AccessDeniedException shut) {
      return shut.getFile() + " may not be read or written by this user";
    }
    String what = Optional.ofNullable(failure.getMessage()).orElse(failure.toString());
    return Optional.ofNullable(failure.getCause())
        .map(Throwable::getMessage)
        .filter(why -> !what.contains(why))
        .map(why -> what + ": " + why)
        .orElse(what);
  }
}
