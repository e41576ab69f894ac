package dev.carillon.cli;

import dev.carillon.cli.provider.ProviderCommand;
import dev.carillon.cli.store.StoreCommand;
import dev.carillon.cli.task.BatchCommand;
import dev.carillon.cli.task.CallbackCommand;
import dev.carillon.cli.task.CompletionCommand;
import dev.carillon.cli.task.GenerateCommand;
import dev.carillon.cli.task.TaskCommand;
import dev.carillon.cli.text.Words;
import dev.carillon.cli.train.TrainCommand;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// The command `carillon`. Exit codes: those of [dev.carillon.cli.place.CommandFailure], and 0 for
/// what was done.
public final class Main implements Runnable {
  /// The command that must see all others.
  private static final String COMPLETION = "completion";

  private static final int MANY_THREADS = 100;

  /// The commands by their names, in the order of the help.
  private static final Map<String, Supplier<Object>> COMMANDS = commands();

  private final CommandSpec spec =
      Words.of(this, "carillon", "A self-hosted gateway for generative media.").spec();

  private Main() {
    spec.usageMessage().footer("From a clone the launcher also knows: build, test, fmt, bench.");
  }

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
    int code = commandLine(arguments).execute(arguments);
    if (code != 0 || !isAlone()) {
      System.exit(code);
    }
  }

  /// Whether the process ends when this thread does. An exit that is asked for first sets up the
  /// platform's log, to write that it was.
  private static boolean isAlone() {
    var threads = new Thread[MANY_THREADS];
    int count = Thread.currentThread().getThreadGroup().enumerate(threads);
    return count < MANY_THREADS
        && Stream.of(threads)
            .limit(count)
            .allMatch(thread -> thread.isDaemon() || thread == Thread.currentThread());
  }

  /// What runs these arguments. To read what all commands look like takes longer than most commands
  /// take, so only the one that is named is read.
  public static CommandLine commandLine(String... arguments) {
    var root = new CommandLine(new Main().spec);
    String first = word(arguments, 0);
    if (COMMANDS.containsKey(first) && !first.equals(COMPLETION)) {
      add(root, first, word(arguments, 1));
    } else if (!first.equals("--version") && !first.equals("-V")) {
      COMMANDS.keySet().forEach(name -> add(root, name, ""));
    }
    tellVersion(root);
    return root.setExecutionExceptionHandler(Complaints::failed)
        .setParameterExceptionHandler(Complaints::misunderstood);
  }

  /// `--version` is the same wherever it is asked for.
  private static void tellVersion(CommandLine command) {
    command.getCommandSpec().versionProvider(new Version());
    command.getSubcommands().values().forEach(Main::tellVersion);
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
