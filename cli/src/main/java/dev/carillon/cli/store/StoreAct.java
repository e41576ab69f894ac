package dev.carillon.cli.store;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// A command on the store that the configuration names, or a flag.
abstract class StoreAct implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data folder of the gateway (./data).")
  private @Nullable String data;

  @Option(
      names = "--store",
      paramLabel = "URL",
      description = "postgresql://user@host:port/database, where it is not in the data folder.")
  private @Nullable String store;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration file of the gateway (carillon.yaml, if it stands here).")
  private @Nullable Path file;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /// Does the work.
  ///
  /// @return the exit code
  abstract int run(StoreWork work);

  // The types of the store stay out of all signatures of commands: looking at those would load it,
  // whichever command runs.
  @Override
  public final Integer call() {
    var flags = new LinkedHashMap<String, String>();
    if (data != null) {
      flags.put("data", data);
    }
    if (store != null) {
      flags.put("store", store);
    }
    PrintWriter out = spec.commandLine().getOut();
    int code =
        run(
            new StoreWork(
                Optional.ofNullable(file), flags, new StoreWork.Printed(out, error(), json)));
    out.flush();
    return code;
  }

  final PrintWriter error() {
    return spec.commandLine().getErr();
  }
}
