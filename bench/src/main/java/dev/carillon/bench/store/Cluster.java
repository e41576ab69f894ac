package dev.carillon.bench.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A PostgreSQL server of its own that is thrown away afterwards, with its data in a new folder and
/// what it promises kept: `fsync` and `synchronous_commit` are on. The other settings are those of
/// a small installation, see [#SETTINGS]. It uses the machine's programs, found in `PATH` or where
/// Debian puts them, as the user `postgres` when root measures, whom the server refuses.
final class Cluster implements AutoCloseable {
  private static final int SECONDS = 120;

  /// What differs from the server's own defaults.
  private static final List<String> SETTINGS =
      List.of(
          "listen_addresses = '127.0.0.1'",
          "max_connections = 200",
          "shared_buffers = 512MB",
          "max_wal_size = 4GB",
          "checkpoint_timeout = 15min",
          "fsync = on",
          "synchronous_commit = on");

  private final Path programs;
  private final Path folder;
  private final int port;

  private Cluster(Path programs, Path folder, int port) {
    this.programs = programs;
    this.folder = folder;
    this.port = port;
  }

  /// Makes one and starts it.
  ///
  /// @throws IOException where PostgreSQL is not installed, too
  static Cluster start() throws IOException, InterruptedException {
    Path programs =
        programs()
            .orElseThrow(() ->
                new IOException(
                    "PostgreSQL is not installed here (initdb and pg_ctl were looked for in PATH"
                        + " and /usr/lib/postgresql): install it, or name a server with --store"));
    var cluster = new Cluster(programs, Files.createTempDirectory("carillon-bench-pg"), freePort());
    // Its processes are no children of ours, and would stay when the measure is broken off.
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(cluster::closeAtEnd));
    try {
      cluster.begin();
    } catch (IOException failure) {
      cluster.close();
      throw failure;
    }
    return cluster;
  }

  private void begin() throws IOException, InterruptedException {
    if (isRoot()) {
      run(List.of("chown", "postgres", folder.toString()));
    }
    call("initdb", "-D", data(), "-U", "carillon", "-A", "trust", "-E", "UTF8");
    Path file = folder.resolve("data/postgresql.conf");
    var lines = new ArrayList<>(Files.readAllLines(file));
    lines.addAll(SETTINGS);
    lines.add("port = " + port);
    lines.add("unix_socket_directories = '" + folder + "'");
    Files.write(file, lines);
    call("pg_ctl", "-D", data(), "-l", folder + "/log", "-t", "60", "-w", "start");
  }

  Database database() {
    return new Database("postgresql://carillon@127.0.0.1:" + port + "/postgres");
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private void call(String program, String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    if (isRoot()) {
      command.addAll(List.of("runuser", "-u", "postgres", "--"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    run(command);
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    // Into a file, for a server that a program starts keeps its output open.
    Path output = Files.createTempFile("carillon-bench-pg", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    String said = Files.readString(output);
    Files.delete(output);
    if (!ended || process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + " failed: " + said);
    }
  }

  private static Optional<Path> programs() throws IOException {
    var places = new ArrayList<Path>();
    Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .map(Path::of)
        .forEach(places::add);
    Path debian = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(debian)) {
      try (var versions = Files.list(debian)) {
        versions.map(version -> version.resolve("bin")).forEach(places::add);
      }
    }
    return places.stream()
        .filter(place -> Files.isExecutable(place.resolve("initdb")))
        .filter(place -> Files.isExecutable(place.resolve("pg_ctl")))
        .findFirst();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void closeAtEnd() {
    try {
      close();
    } catch (IOException failure) {
      System.err.println("PostgreSQL in " + folder + " was not removed: " + failure.getMessage());
    }
  }

  /// Stops it and deletes its data. Twice is harmless.
  @Override
  public synchronized void close() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try {
      if (Files.exists(Path.of(data(), "postmaster.pid"))) {
        call("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
