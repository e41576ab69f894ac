package dev.carillon.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.postgres.PostgresConfig;
import dev.carillon.gateway.store.postgres.PostgresStore;
import dev.carillon.gateway.store.postgres.sql.PostgresUrl;
import dev.carillon.testkit.Await;
import dev.carillon.testkit.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A node whose database is not there when it starts, or when it stops.
final class StoreWaitTest {
  private static final String IMAGE = "{\"prompt\":\"a bell\",\"async\":true}";

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private PostgresServer database;

  @BeforeEach
  void start() {
    Optional<PostgresServer> server = PostgresServer.start();
    assumeTrue(server.isPresent(), "PostgreSQL is not installed");
    database = server.get();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Door node(String url, String wait) {
    return new Door(folder, Map.of("store", url, "store.wait", wait), "");
  }

  @Test
  void a_node_waits_at_its_start_for_a_database_that_is_down() throws Exception {
    database.stop();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Door> opening = threads.submit(() -> node(database.url("postgres"), "60s"));
      hangUp(5);
      assertThat(opening.isDone()).isFalse();
      database.begin();
      try (Door door = opening.get(60, TimeUnit.SECONDS)) {
        assertThat(door.post("/midjourney/imagine", IMAGE).status()).isEqualTo(200);
      }
    }
  }

  /// Takes the database's place, and hangs up on whoever calls, so often. No try of the driver
  /// calls so many times.
  private void hangUp(int times) throws IOException {
    try (var place = new ServerSocket(database.port(), 5, InetAddress.getLoopbackAddress())) {
      place.setSoTimeout(30_000);
      for (int i = 0; i < times; i++) {
        place.accept().close();
      }
    }
  }

  @Test
  void a_node_waits_for_a_database_that_cannot_be_written_to_yet() throws Exception {
    try (Door door = node(database.url("postgres"), "0s")) {
      assertThat(door.token()).isNotEmpty();
    }
    execute("ALTER DATABASE postgres SET default_transaction_read_only = on");
    assertThatThrownBy(() -> node(database.url("postgres"), "0s"))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(":" + database.port() + "/postgres")
        .hasMessageContaining("read-only");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Door> opening = threads.submit(() -> node(database.url("postgres"), "60s"));
      Await.until("it is there", Duration.ofSeconds(30), this::isSpokenTo);
      execute("ALTER DATABASE postgres RESET ALL");
      opening.get(60, TimeUnit.SECONDS).close();
    }
  }

  private boolean isSpokenTo() {
    try (var connection = DriverManager.getConnection(database.jdbc("postgres"));
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT 1 FROM pg_stat_activity WHERE application_name = 'carillon'")) {
      return rows.next();
    } catch (SQLException down) {
      throw new IllegalStateException(down);
    }
  }

  private void execute(String sql) throws SQLException {
    String url = database.jdbc("postgres") + "&options=-c%20default_transaction_read_only=off";
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void a_store_does_not_wait_for_its_database_when_it_closes() {
    PostgresConfig.Times usual = PostgresConfig.Times.USUAL;
    var patient =
        new PostgresConfig.Times(
            usual.lease(),
            usual.look(),
            usual.note(),
            usual.statement(),
            usual.lock(),
            Duration.ofHours(1));
    var clock = InstantSource.system();
    Store store =
        PostgresStore.open(
            PostgresConfig.of(PostgresUrl.parse(database.url("postgres"))).withTimes(patient),
            clock,
            new Ids(clock, new Random(1)));
    database.stop();

    store.close();
  }

  @Test
  void a_file_that_is_no_database_is_not_waited_for() throws Exception {
    Files.writeString(folder.resolve("carillon.db"), "this is not what was expected here");

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> opening = threads.submit(() -> node("sqlite", "60s"));
      assertThatThrownBy(() -> opening.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(StoreUnavailableException.class);
    }
  }

  @Test
  void a_database_that_stays_away_ends_the_start_with_its_name_and_the_reason() {
    database.stop();

    assertThatThrownBy(() -> node(database.url("postgres"), "1500ms"))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(":" + database.port() + "/postgres")
        .hasMessageContaining("refused");
  }

  @Test
  void a_database_that_is_there_but_does_not_have_what_was_named_is_not_waited_for() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> opening = threads.submit(() -> node(database.url("nowhere"), "60s"));
      assertThatThrownBy(() -> opening.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("\"nowhere\" does not exist");
    }
  }
}
