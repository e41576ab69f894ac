package dev.carillon.bench.peers;

import dev.carillon.bench.store.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The peers' programs in `bench/peers`, which are no part of the build: their libraries are
/// fetched when they are first measured, by Maven and npm.
final class Programs {
  private final Path sources;

  /// @param root the folder of the repository
  Programs(Path root) {
    this.sources = root.resolve("bench").resolve("peers").toAbsolutePath().normalize();
  }

  /// What can be measured here, by name.
  enum Program {
    DB_SCHEDULER("db-scheduler"),
    PG_BOSS("pg-boss"),
    GRAPHILE_WORKER("graphile-worker");

    private final String words;

    Program(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /// Starts one on an empty database.
  ///
  /// @param sink where its jobs call
  Peer start(Program program, Database database, int sink, Path errors) throws IOException {
    var port = String.valueOf(sink);
    return switch (program) {
      case DB_SCHEDULER -> {
        var folder = sources.resolve("db-scheduler");
        var command =
            List.of(
                System.getProperty("carillon.java", "java"),
                "-XX:+UseSerialGC",
                "-Xms64m",
                "-Xmx1g",
                "-cp",
                "target/classes:target/lib/*",
                "dev.carillon.peers.DbScheduler",
                database.jdbc(),
                port);
        yield Peer.start(program.words(), command, folder, errors);
      }
      case PG_BOSS, GRAPHILE_WORKER -> {
        var command = List.of("node", program.words() + ".mjs", database.url(), port);
        yield Peer.start(program.words(), command, sources.resolve("node"), errors);
      }
    };
  }

  /// Fetches what a program needs, where that was not done before.
  ///
  /// @return why it cannot be measured here; empty when it can
  Optional<String> prepare(Program program) throws IOException, InterruptedException {
    if (program == Program.DB_SCHEDULER) {
      return run(
          List.of("mvn", "-B", "-q", "package"),
          sources.resolve("db-scheduler"),
          Path.of("target", "lib"));
    }
    return run(
        List.of("npm", "install", "--no-audit", "--no-fund", "--no-package-lock"),
        sources.resolve("node"),
        Path.of("node_modules"));
  }

  private static Optional<String> run(List<String> command, Path folder, Path made)
      throws IOException, InterruptedException {
    if (Files.isDirectory(folder.resolve(made))) {
      return Optional.empty();
    }
    System.out.println("  " + String.join(" ", command) + " in " + folder);
    try {
      var builder =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
      // The Java that runs this is new enough, and the one that the machine names need not be.
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      var process = builder.start();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? Optional.empty() : Optional.of(said.strip());
    } catch (IOException absent) {
      return Optional.of(command.getFirst() + " is not installed");
    }
  }
}
