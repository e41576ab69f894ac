package dev.carillon.cli.task;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `carillon completion`: prints a script that teaches a shell this command line.
@Command(
    name = "completion",
    description = "Print a completion script: source <(carillon completion bash)",
    mixinStandardHelpOptions = true)
public final class CompletionCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "bash|zsh", description = "The shell.")
  private Shell shell = Shell.bash;

  /// The shells that are known; the words of the command line.
  private enum Shell {
    bash,
    zsh
  }

  /// Made by the command line's reader.
  public CompletionCommand() {}

  @Override
  public void run() {
    CommandLine root = spec.root().commandLine();
    String script = AutoComplete.bash("carillon", root);
    PrintWriter out = spec.commandLine().getOut();
    if (shell == Shell.zsh) {
      // zsh runs completions of bash once it is told to; the script does so itself only when it is
      // not being sourced.
      out.println("autoload -Uz compinit bashcompinit && compinit && bashcompinit");
    }
    out.println(script);
    out.flush();
  }
}
