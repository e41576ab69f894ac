package dev.carillon.gateway.store.postgres.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.carillon.gateway.store.StoreUnavailableException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;

/// The way to the database: a pool for reads, and connections of their own for the writers and the
/// bell. All are bounded in time, on both sides of the wire.
public final class Database implements AutoCloseable {
  private static final String APPLICATION = "carillon";

  /// A connection is made anew after this, so that a change of address or of the primary is
  /// noticed.
  private static final Duration OLDEST = Duration.ofMinutes(30);

  /// Who waits for a connection looks that often whether it still should.
  private static final Duration PATIENCE = Duration.ofMillis(500);

  /// How much longer than the server's own bound this side waits for an answer.
  private static final Duration MARGIN = Duration.ofSeconds(5);

  /// No table here is small for long, whatever is known of it when a statement is planned.
  private static final String BY_INDEX = "-c enable_seqscan=off ";

  /// A plan of a table that was empty then is kept until the database counts what is in it.
  private static final String PLANNED_EACH_TIME =
      BY_INDEX + "-c plan_cache_mode=force_custom_plan ";

  /// Planning takes longer than running where all is found by keys.
  private static final String PLANNED_ONCE = BY_INDEX + "-c plan_cache_mode=force_generic_plan ";

  private final PostgresUrl url;
  private final Bounds bounds;
  private final HikariDataSource pool;

  /// First come, first served: the pool itself lets newer readers overtake.
  private final Semaphore places;

  private volatile boolean closing;

  private Database(PostgresUrl url, Bounds bounds) {
    this.url = url;
    this.bounds = bounds;
    this.pool = new HikariDataSource(pooled(url, bounds));
    // Afterwards, as what it is made with bounds each login of this process, whoever connects.
    pool.getHikariConfigMXBean().setConnectionTimeout(PATIENCE.toMillis());
    this.places = new Semaphore(bounds.connections, true);
  }

  /// What connections are held to.
  ///
  /// @param connections how many reads run at once
  /// @param statement the longest a statement may take
  /// @param lock the longest it may wait for a lock
  /// @param connect the longest to wait for a connection
  /// @param proxied whether a proxy hands transactions to changing connections: then nothing is set
  ///   on a connection, nothing is prepared on it, and only this side bounds statements
  public record Bounds(
      int connections, Duration statement, Duration lock, Duration connect, boolean proxied) {}

  /// Opens a database and brings it to the newest version.
  ///
  /// @throws StoreUnavailableException when it cannot be reached, or a newer Carillon made it
  public static Database open(PostgresUrl url, Bounds bounds) {
    migrate(url, bounds);
    return new Database(url, bounds);
  }

  static void migrate(PostgresUrl url, Bounds bounds) {
    try (var session = new Session(connect(url, bounds, Duration.ofMinutes(10)), 0)) {
      Migrations.run(session);
      Partitions.tend(session);
    } catch (SQLException failure) {
      throw unopened(url, failure);
    }
  }

  /// What failed while a store was opened, with the database's name and its reason.
  public static StoreUnavailableException unopened(PostgresUrl url, SQLException failure) {
    return new StoreUnavailableException(
        "cannot open the database " + url + ": " + failure.getMessage() + advice(failure), failure);
  }

  /// A proxy that pools transactions takes no settings of a connection.
  private static String advice(SQLException failure) {
    return String.valueOf(failure.getMessage()).contains("startup parameter")
        ? "; behind a proxy that pools transactions set store.listen to false"
        : "";
  }

  private static HikariConfig pooled(PostgresUrl url, Bounds bounds) {
    var config = new HikariConfig();
    config.setPoolName("carillon-reads");
    config.setJdbcUrl(url.jdbc());
    config.setDataSourceProperties(properties(url, bounds, bounds.statement, PLANNED_EACH_TIME));
    config.setMaximumPoolSize(bounds.connections);
    config.setMinimumIdle(Math.min(2, bounds.connections));
    config.setConnectionTimeout(bounds.connect.toMillis());
    config.setValidationTimeout(Math.max(250, bounds.connect.toMillis() / 2));
    config.setMaxLifetime(OLDEST.toMillis());
    config.setInitializationFailTimeout(-1);
    return config;
  }

  private static Properties properties(
      PostgresUrl url, Bounds bounds, Duration statement, String plans) {
    var properties = new Properties();
    properties.putAll(url.parameters());
    url.user().ifPresent(user -> properties.putIfAbsent("user", user));
    url.password().ifPresent(password -> properties.putIfAbsent("password", password));
    properties.putIfAbsent("ApplicationName", APPLICATION);
    properties.putIfAbsent("connectTimeout", seconds(bounds.connect));
    properties.putIfAbsent("loginTimeout", seconds(bounds.connect));
    properties.putIfAbsent("socketTimeout", seconds(statement.plus(MARGIN)));
    properties.putIfAbsent("tcpKeepAlive", "true");
    if (url.hasSeveralHosts()) {
      properties.putIfAbsent("targetServerType", "primary");
    }
    if (bounds.proxied) {
      properties.putIfAbsent("prepareThreshold", "0");
    } else {
      properties.putIfAbsent(
          "options",
          plans
              + "-c jit=off -c statement_timeout="
              + statement.toMillis()
              + " -c lock_timeout="
              + bounds.lock.toMillis()
              + " -c idle_in_transaction_session_timeout="
              + statement.plus(MARGIN).toMillis());
    }
    return properties;
  }

  private static String seconds(Duration time) {
    return Long.toString(Math.max(1, time.toSeconds()));
  }

  static Connection connect(PostgresUrl url, Bounds bounds, Duration statement)
      throws SQLException {
    return connect(url, bounds, statement, "");
  }

  private static Connection connect(
      PostgresUrl url, Bounds bounds, Duration statement, String plans) throws SQLException {
    return DriverManager.getConnection(url.jdbc(), properties(url, bounds, statement, plans));
  }

  private int timeoutSeconds() {
    return bounds.proxied ? Math.toIntExact(Math.max(1, bounds.statement.toSeconds())) : 0;
  }

  /// A session of its own, for whoever writes.
  public Session session() throws SQLException {
    return new Session(connect(url, bounds, bounds.statement), timeoutSeconds());
  }

  /// A session for short statements by key that are run again and again. Each is planned once,
  /// until [Session#forgetPlans]; so who writes for long has to call that now and then.
  public Session writing() throws SQLException {
    var session =
        new Session(connect(url, bounds, bounds.statement, PLANNED_ONCE), timeoutSeconds());
    if (!bounds.proxied) {
      session.keepsPlans();
    }
    return session;
  }

  /// Makes the parts of tables that will be needed and drops those that are not any more.
  public void tend() {
    try (var session = session()) {
      Partitions.tend(session);
    } catch (SQLException failure) {
      throw unavailable(failure);
    }
  }

  /// A connection of its own to hear notifications on, which may be silent for long.
  public Ear ear(String channel) throws SQLException {
    Connection connection = connect(url, bounds, bounds.statement);
    try (var statement = connection.createStatement()) {
      statement.execute("LISTEN " + channel);
    } catch (SQLException failure) {
      connection.close();
      throw failure;
    }
    return new Ear(connection, connection.unwrap(PGConnection.class));
  }

  /// Reads, on a pooled connection. A connection that turns out to be broken, as after a restart of
  /// the database, is replaced once.
  ///
  /// @throws StoreUnavailableException when the database cannot be reached, or too many wait
  public <T> T read(Reading<T> reading) {
    enter();
    try {
      return readOnce(reading);
    } catch (SQLException failure) {
      boolean waited = failure instanceof SQLTransientConnectionException;
      if (waited || closing || !Faults.isLost(failure)) {
        throw unavailable(failure);
      }
      try {
        return readOnce(reading);
      } catch (SQLException again) {
        throw unavailable(again);
      }
    } finally {
      places.release();
    }
  }

  private <T> T readOnce(Reading<T> reading) throws SQLException {
    try (var session = new Session(pooled(), timeoutSeconds())) {
      return reading.read(session);
    }
  }

  private Connection pooled() throws SQLException {
    long begun = System.nanoTime();
    while (true) {
      try {
        return pool.getConnection();
      } catch (SQLTransientConnectionException none) {
        if (closing || System.nanoTime() - begun >= bounds.connect.toNanos()) {
          throw none;
        }
      }
    }
  }

  /// Nobody waits long for a connection any more: the store is about to close, and a database that
  /// is away would hold that up read by read.
  public void hurry() {
    closing = true;
  }

  private void enter() {
    try {
      if (!places.tryAcquire(bounds.connect.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new StoreUnavailableException("too many reads are waiting");
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted while waiting to read", stopped);
    }
  }

  private static StoreUnavailableException unavailable(SQLException failure) {
    return new StoreUnavailableException("the database cannot be read now", failure);
  }

  /// What is read with a session.
  @FunctionalInterface
  public interface Reading<T> {
    T read(Session session) throws SQLException;
  }

  @Override
  public void close() {
    pool.close();
  }

  @Override
  public String toString() {
    return url.toString();
  }
}
