package dev.carillon.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
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

/// A PostgreSQL server of its own for tests, on a free port with its data in a new folder. It uses
/// the machine's programs, found in `PATH` or where Debian puts them, as the user `postgres` when
/// the test is run by root, which the server refuses. Every user may connect, as `carillon`.
public final class PostgresServer implements AutoCloseable {
  private static final int SECONDS = 60;
  private static Optional<PostgresServer> shared = Optional.empty(); // guarded by the class
  private static boolean asked; // guarded by the class

  private final Path programs;
  private final Path folder;
  private final int port;

  private PostgresServer(Path programs) throws IOException {
    this.programs = programs;
    this.folder = Files.createTempDirectory("carillon-postgres-");
    this.port = freePort();
    if (isRoot()) {
      run(List.of("chown", "postgres", folder.toString()));
    }
    asPostgres("initdb", "-D", data(), "-U", "carillon", "-A", "trust", "-E", "UTF8", "--no-sync");
    begin();
  }

  /// Starts one; empty where PostgreSQL is not installed.
  public static Optional<PostgresServer> start() {
    try {
      Optional<Path> programs = programs();
      return programs.isEmpty()
          ? Optional.empty()
          : Optional.of(new PostgresServer(programs.get()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The one of this process, started on first use and stopped with it; empty where PostgreSQL is
  /// not installed.
  public static synchronized Optional<PostgresServer> shared() {
    if (!asked) {
      asked = true;
      shared = start();
      shared.ifPresent(server ->
          Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::close)));
    }
    return shared;
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

  public int port() {
    return port;
  }

  /// The URL of one of its databases, such as `postgres`.
  public String url(String database) {
    return "postgresql://carillon@127.0.0.1:" + port + "/" + database;
  }

  /// The same for the JDBC driver.
  public String jdbc(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=carillon";
  }

  /// Starts it again after [#stop].
  public void begin() {
    String options =
        "-c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200 -p "
            + port
            + " -k "
            + folder;
    asPostgres("pg_ctl", "-D", data(), "-l", folder + "/log", "-o", options, "-w", "start");
  }

  /// Stops it at once, as a crash does.
  public void stop() {
    asPostgres("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private void asPostgres(String program, String... arguments) {
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

  private static void run(List<String> command) {
    try {
      Path output = Files.createTempFile("carillon-postgres-", ".txt");
      Process process =
          new ProcessBuilder(command)
              .directory(Path.of("/").toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new AssertionError(command + " failed: " + Files.readString(output));
      }
      Files.delete(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// Stops it, unless it is stopped, and deletes its data.
  @Override
  public void close() {
    if (Files.exists(folder.resolve("data/postmaster.pid"))) {
      stop();
    }
    try (var files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
