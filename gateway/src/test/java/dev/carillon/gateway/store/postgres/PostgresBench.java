package dev.carillon.gateway.store.postgres;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.postgres.sql.PostgresUrl;
import dev.carillon.testkit.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// A fresh database for each test, on the one server of this process.
public final class PostgresBench {
  public static final PostgresConfig.Times QUICK =
      new PostgresConfig.Times(
          Duration.ofSeconds(15),
          Duration.ofMillis(20),
          Duration.ofMillis(20),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5));

  /// As [#QUICK], with a lease that passes while a test waits.
  public static final PostgresConfig.Times SHORT_LEASE =
      new PostgresConfig.Times(
          Duration.ofSeconds(2),
          Duration.ofMillis(20),
          Duration.ofMillis(20),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1));

  private static final String EMPTY =
      "DO $$ BEGIN EXECUTE (SELECT 'TRUNCATE ' || string_agg(quote_ident(relname), ', ')"
          + " FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
          + " AND NOT relispartition AND relname <> 'carillon_schema'); END $$";

  private static final ConcurrentLinkedQueue<String> FREE = new ConcurrentLinkedQueue<>();
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Map<Path, String> DATABASES = new ConcurrentHashMap<>();

  private PostgresBench() {}

  /// The server; the test is left out where PostgreSQL is not installed.
  public static PostgresServer server() {
    Optional<PostgresServer> server = PostgresServer.shared();
    assumeTrue(server.isPresent(), "PostgreSQL is not installed");
    return server.orElseThrow();
  }

  /// An empty database.
  public static String create() {
    String name = "test_" + COUNT.incrementAndGet();
    execute("postgres", "CREATE DATABASE " + name);
    return name;
  }

  public static void drop(String database) {
    execute("postgres", "DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
  }

  /// The database that stands for a folder; empty at first.
  public static String database(Path folder) {
    return DATABASES.computeIfAbsent(
        folder, _ -> Optional.ofNullable(FREE.poll()).orElseGet(PostgresBench::create));
  }

  /// Empties what was made for a test, for the next one: that is much quicker than a new database.
  public static void clean(Path folder) {
    for (Path place : List.copyOf(DATABASES.keySet())) {
      if (place.startsWith(folder)) {
        Optional.ofNullable(DATABASES.remove(place))
            .ifPresent(database -> {
              execute(database, EMPTY);
              FREE.add(database);
            });
      }
    }
  }

  public static PostgresConfig config(String database) {
    return PostgresConfig.of(PostgresUrl.parse(server().url(database))).withTimes(QUICK);
  }

  /// A store on the database of a folder.
  public static PostgresStore open(Path folder, InstantSource clock, Ids ids) {
    return PostgresStore.open(config(database(folder)), clock, ids);
  }

  /// A store on a server of the test's own.
  public static PostgresStore open(PostgresServer server, InstantSource clock, Ids ids) {
    PostgresUrl url = PostgresUrl.parse(server.url("postgres"));
    return PostgresStore.open(PostgresConfig.of(url).withTimes(QUICK), clock, ids);
  }

  /// A line to the server that can break.
  public static Line line() {
    return new Line(new LossyLine(server().port()));
  }

  /// Stores that reach the server over one line.
  public static final class Line implements AutoCloseable {
    private final LossyLine line;

    private Line(LossyLine line) {
      this.line = line;
    }

    public PostgresStore open(Path folder, InstantSource clock, Ids ids) {
      return open(folder, clock, ids, QUICK);
    }

    public PostgresStore open(
        Path folder, InstantSource clock, Ids ids, PostgresConfig.Times times) {
      // Nothing prepared, so that each commit can be seen on the line by its word.
      String url =
          "postgresql://carillon@127.0.0.1:"
              + line.port()
              + "/"
              + database(folder)
              + "?prepareThreshold=0";
      return PostgresStore.open(
          PostgresConfig.of(PostgresUrl.parse(url)).withTimes(times), clock, ids);
    }

    /// Loses the answers to the next few commits.
    public void loseCommits(int count) {
      line.loseCommits(count);
    }

    /// In how many messages each transaction went since this was asked last that wrote to a table
    /// with its last one.
    List<Integer> messages(String table) {
      return line.takeCommitted().stream()
          .filter(one -> one.last().contains("INTO " + table + " "))
          .map(LossyLine.Committed::messages)
          .toList();
    }

    /// Breaks until [#mend].
    public void cut() {
      line.cut();
    }

    public void mend() {
      line.mend();
    }

    @Override
    public void close() {
      try {
        line.close();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  /// Ends a node as a crash does, its lease passed.
  public static void crash(Store store) {
    var node = (PostgresStore) store;
    node.kill();
    expire(node);
  }

  /// Lets a node's lease pass.
  public static void expire(PostgresStore node) {
    execute(
        node.database(), "UPDATE node SET lease_until = 'epoch' WHERE id = '" + node.node() + "'");
  }

  /// Whether the others may take a node for dead.
  public static boolean hasLapsed(PostgresStore node) {
    try (var connection = connect(node.database());
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT lease_until <= clock_timestamp() FROM node WHERE id = '%s'"
                    .formatted(node.node()))) {
      return rows.next() && rows.getBoolean(1);
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  public static void execute(String database, String text) {
    try (var connection = connect(database);
        var statement = connection.createStatement()) {
      statement.execute(text);
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  public static Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(server().jdbc(database));
  }
}
