package dev.carillon.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `carillon serve`: starts the gateway and stays until the process is told to end. What a flag
/// says goes before the environment, which goes before the file, which goes before the default.
@Command(
    name = "serve",
    description = "Start the gateway.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ServeCommand implements Callable<Integer> {
  @Option(names = "--port", paramLabel = "N", description = "Port to listen on (8080).")
  private @Nullable String port;

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      description = "Address to listen on (127.0.0.1).")
  private @Nullable String address;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder of the database and the media (./data).")
  private @Nullable String data;

  @Option(
      names = "--store",
      paramLabel = "URL",
      description = "postgresql://user@host:port/database, to run many nodes on it.")
  private @Nullable String store;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Configuration file (that of CARILLON_CONFIG, else carillon.yaml, if it stands here).")
  private @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Any key of the configuration; may be repeated.")
  private Map<String, String> keys = new LinkedHashMap<>();

  @Override
  public Integer call() throws Exception {
    var flags = new LinkedHashMap<>(keys);
    put(flags, "port", port);
    put(flags, "address", address);
    put(flags, "data", data);
    put(flags, "store", store);
    // The gateway's type stays out of all signatures here, lambdas included: looking at the
    // commands would load it, whichever command runs.
    Runnable close = Wiring.start(Optional.ofNullable(file), flags)::close;
    var ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("shutdown")
                .unstarted(() -> {
                  close.run();
                  ended.countDown();
                }));
    ended.await();
    return 0;
  }

  private static void put(Map<String, String> flags, String key, @Nullable String value) {
    if (value != null) {
      flags.put(key, value);
    }
  }
}
