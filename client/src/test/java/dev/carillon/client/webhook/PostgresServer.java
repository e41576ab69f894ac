package dev.carillon.client.webhook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// A PostgreSQL server of its own for a test, on a free port with its data in a new folder. It uses
/// the machine's programs, found in `PATH` or where Debian puts them, as the user `postgres` when
/// the test is run by root, which the server refuses.
final class PostgresServer implements AutoCloseable {
  private static final int SECONDS = 60;

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
    asPostgres("initdb", "-D", data(), "-U", "carillon", "-A", "trust", "--no-sync");
    String options = "-c listen_addresses=127.0.0.1 -c fsync=off -p " + port + " -k " + folder;
    asPostgres("pg_ctl", "-D", data(), "-l", folder + "/log", "-o", options, "-w", "start");
  }

  /// Starts one; empty where PostgreSQL is not installed.
  static Optional<PostgresServer> start() throws IOException {
    Optional<Path> programs = programs();
    return programs.isEmpty() ? Optional.empty() : Optional.of(new PostgresServer(programs.get()));
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

  DataSource database() {
    var database = new PGSimpleDataSource();
    database.setServerNames(new String[] {"127.0.0.1"});
    database.setPortNumbers(new int[] {port});
    database.setDatabaseName("postgres");
    database.setUser("carillon");
    return database;
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

  @Override
  public void close() {
    asPostgres("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
  }
}
