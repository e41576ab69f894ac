package dev.carillon.acceptance.proof;

import dev.carillon.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A PostgreSQL server that keeps what it promises (`fsync=on`), and can be killed, started again,
/// copied to a synchronous standby, and be one that is promoted.
final class Postgres implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private final Path programs;
  private final Path folder;
  private final int port;

  private Postgres(Path programs) throws IOException {
    this.programs = programs;
    this.folder = Files.createTempDirectory("carillon-proof-postgres-");
    this.port = Node.freePort();
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::killIfAlive));
    if (Command.isRoot()) {
      Command.run("chown", "postgres", folder.toString());
    }
  }

  /// Whether the machine has the programs.
  static boolean isHere() {
    return programs().findFirst().isPresent();
  }

  /// Says when it has not.
  static Optional<String> missing() {
    return isHere() ? Optional.empty() : Optional.of("PostgreSQL is not installed");
  }

  /// Starts a new one.
  static Postgres start() {
    try {
      var server = new Postgres(programs().findFirst().orElseThrow());
      server.call("initdb", "-D", server.data(), "-U", "carillon", "-A", "trust", "-E", "UTF8");
      server.configure(
          "listen_addresses = '127.0.0.1'",
          "port = " + server.port,
          "unix_socket_directories = '" + server.folder + "'",
          "max_connections = 60",
          "wal_level = replica",
          "max_wal_senders = 4",
          "shared_preload_libraries = 'pg_stat_statements'");
      server.begin();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A copy of this server that follows it; from then on no commit of this one is answered before
  /// the copy has it on disk.
  Postgres standby() {
    try {
      var copy = new Postgres(programs);
      copy.call(
          "pg_basebackup",
          "-d",
          "host=127.0.0.1 user=carillon application_name=standby port=" + port,
          "-D",
          copy.data(),
          "-R",
          "-c",
          "fast",
          "-X",
          "stream");
      copy.configure("port = " + copy.port, "unix_socket_directories = '" + copy.folder + "'");
      copy.begin();
      configure("synchronous_standby_names = 'standby'", "synchronous_commit = on");
      call("pg_ctl", "-D", data(), "reload");
      Await.until(
          "the standby is synchronous",
          START,
          () -> number("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == 1);
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void configure(String... lines) throws IOException {
    Path file = folder.resolve("data/postgresql.conf");
    var all = new ArrayList<>(Files.readAllLines(file));
    all.addAll(List.of(lines));
    Files.write(file, all);
  }

  int port() {
    return port;
  }

  /// The address of its database for nodes.
  String url() {
    return "postgresql://carillon@127.0.0.1:" + port + "/postgres";
  }

  /// Starts it, and returns when it takes connections.
  void begin() {
    call("pg_ctl", "-D", data(), "-l", folder + "/log", "-t", "60", "-w", "start");
  }

  /// Stops it in order: transactions under way are rolled back, connections ended.
  void stop() {
    call("pg_ctl", "-D", data(), "-m", "fast", "-t", "60", "-w", "stop");
  }

  /// Kills all of its processes, as a power cut does.
  void kill() {
    try {
      long postmaster =
          Long.parseLong(Files.readAllLines(Path.of(data(), "postmaster.pid")).get(0));
      // A file of before may name a number that another process has by now.
      ProcessHandle handle =
          ProcessHandle.of(postmaster)
              .filter(found -> found.info().command().orElse("").contains("postgres"))
              .orElseThrow();
      List<ProcessHandle> all = Stream.concat(Stream.of(handle), handle.descendants()).toList();
      all.forEach(ProcessHandle::destroyForcibly);
      Await.until("it is dead", START, () -> all.stream().noneMatch(ProcessHandle::isAlive));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void killIfAlive() {
    if (Files.exists(Path.of(data(), "postmaster.pid"))) {
      kill();
    }
  }

  /// Makes a standby the one that is written to.
  void promote() {
    call("pg_ctl", "-D", data(), "-w", "promote");
  }

  /// The first number that a query gives.
  long number(String query) {
    return Long.parseLong(text(query));
  }

  /// The first value that a query gives, as text.
  String text(String query) {
    try (Connection connection = connect();
        var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? rows.getString(1) : "0";
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=carillon&connectTimeout=5");
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private void call(String program, String... arguments) {
    var command = new ArrayList<String>();
    if (Command.isRoot()) {
      command.addAll(List.of("runuser", "-u", "postgres", "--"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    Command.run(command.toArray(String[]::new));
  }

  private static Stream<Path> programs() {
    var places = new ArrayList<Path>();
    Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .map(Path::of)
        .forEach(places::add);
    Path debian = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(debian)) {
      try (var versions = Files.list(debian)) {
        versions.map(version -> version.resolve("bin")).forEach(places::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return places.stream()
        .filter(place -> Files.isExecutable(place.resolve("pg_basebackup")))
        .filter(place -> Files.isExecutable(place.resolve("initdb")));
  }

  /// Stops it and deletes its data. Harmless when it is dead.
  @Override
  public void close() {
    try {
      call("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
    } catch (AssertionError dead) {
      // That is what was wanted.
    }
    try (var files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
