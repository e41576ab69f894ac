package dev.carillon.cli;

import dev.carillon.cli.provider.ProviderCommand;
import dev.carillon.cli.store.StoreCommand;
import dev.carillon.cli.task.BatchCommand;
import dev.carillon.cli.task.CallbackCommand;
import dev.carillon.cli.task.CompletionCommand;
import dev.carillon.cli.task.GenerateCommand;
import dev.carillon.cli.task.TaskCommand;
import dev.carillon.cli.train.TrainCommand;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command `carillon`. Exit codes: those of [dev.carillon.cli.place.CommandFailure], and 0 for
/// what was done.
@Command(
    name = "carillon",
    description = "A self-hosted gateway for generative media.",
    footer = "From a clone the launcher also knows: build, test, fmt, bench.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
public final class Main implements Runnable {
  /// The command that must see all others.
  private static final String COMPLETION = "completion";

  /// The commands by their names, in the order of the help.
  private static final Map<String, Supplier<Object>> COMMANDS = commands();

  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  private static Map<String, Supplier<Object>> commands() {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("serve", ServeCommand::new);
    commands.put("generate", GenerateCommand::new);
    commands.put("task", TaskCommand::new);
    commands.put("callback", CallbackCommand::new);
    commands.put("batch", BatchCommand::new);
    commands.put("listen", ListenCommand::new);
    commands.put("events", EventsCommand::new);
    commands.put("config", ConfigCommand::new);
    commands.put("provider", ProviderCommand::new);
    commands.put("store", StoreCommand::new);
    commands.put("app", AppCommand::new);
    commands.put("token", TokenCommand::new);
    commands.put("credit", CreditCommand::new);
    commands.put("usage", UsageCommand::new);
    commands.put("account", AccountCommand::new);
    commands.put(COMPLETION, CompletionCommand::new);
    commands.put("train", TrainCommand::new);
    return commands;
  }

  /// Runs one command and exits with its code.
  ///
  /// @param arguments the command line
  public static void main(String[] arguments) {
    System.exit(commandLine(arguments).execute(arguments));
  }

  /// What runs these arguments. To read what all commands look like takes longer than most commands
  /// take, so only the one that is named is read.
  public static CommandLine commandLine(String... arguments) {
    var root = new CommandLine(new Main());
    String first = word(arguments, 0);
    if (COMMANDS.containsKey(first) && !first.equals(COMPLETION)) {
      add(root, first, word(arguments, 1));
    } else if (!first.equals("--version") && !first.equals("-V")) {
      COMMANDS.keySet().forEach(name -> add(root, name, ""));
    }
    return root.setExecutionExceptionHandler(Complaints::failed)
        .setParameterExceptionHandler(Complaints::misunderstood);
  }

  private static String word(String[] arguments, int index) {
    return index < arguments.length ? arguments[index] : "";
  }

  private static void add(CommandLine root, String name, String verb) {
    Object command = COMMANDS.getOrDefault(name, Object::new).get();
    root.addSubcommand(name, command instanceof Group group ? group.commandLine(verb) : command);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "carillon: which command?");
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
