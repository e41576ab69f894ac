package dev.carillon.gateway.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.Task.Settlement;
import dev.carillon.gateway.domain.TaskState.Queued;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.testkit.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the database reads to find a task, when it knows nothing yet of the task's application.
final class KeyedPlansTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int MANY = 20_000;
  private static final int AT_ONCE = 200;

  /// So many that what writers read before, by their own plans, does not count.
  private static final long ENOUGH = 20L * AT_ONCE;

  /// Rows for each of them; all others of one would make 100.
  private static final long FEW = MANY / AT_ONCE / 3;

  /// On each connection; from the sixth time on the driver and the database may keep what they
  /// have.
  private static final int UNTIL_PLANNED_FOR_GOOD = 30;

  /// Copies of a task, each with an id of its own.
  private static final String COPY =
      "INSERT INTO task SELECT (copy).* FROM (SELECT jsonb_populate_record(task, jsonb_build_object("
          + "'id', left(id::text, 24) || lpad(to_hex(n), 12, '0'), 'position', n,"
          + " 'trace_id', 'trace ' || n, 'application_id', %s)) AS copy"
          + " FROM task, generate_series(1, "
          + MANY
          + ") AS n WHERE id = '%s') AS copies";

  private static final String ITS_OWN = "application_id";
  private static final String ONE_OF_16 = "left(application_id::text, 35) || to_hex(n %% 16)";

  private static final String READ =
      "SELECT sum(idx_scan), sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname LIKE 'task%'";

  private final InstantSource clock = InstantSource.system();
  private final Ids ids = new Ids(clock, new SplittableRandom(51));
  private final String database = PostgresBench.create();

  @AfterEach
  void drop() {
    PostgresBench.drop(database);
  }

  @Test
  void those_that_are_asked_for_at_once_are_found_by_their_keys_and_not_among_all_others()
      throws Exception {
    try (var store = PostgresStore.open(PostgresBench.config(database), clock, ids);
        var connection = PostgresBench.connect(database)) {
      copy(connection, claims(store, 1).getFirst(), ONE_OF_16);
      execute(connection, "ANALYZE task");
      List<Claim> claims = claims(store, AT_ONCE);
      copy(connection, claims.getFirst(), ITS_OWN);

      assertFoundByKeys(store, claims, connection);
    }
  }

  @Test
  void so_they_are_where_the_table_was_empty_when_they_were_looked_for_first() throws Exception {
    try (var store = PostgresStore.open(PostgresBench.config(database), clock, ids);
        var connection = PostgresBench.connect(database)) {
      List<Claim> never = Stream.generate(this::neverAccepted).limit(AT_ONCE).toList();
      for (int i = 0; i < UNTIL_PLANNED_FOR_GOOD; i++) {
        assertThat(lookUp(store, never)).allMatch(Optional::isEmpty);
      }
      List<Claim> claims = claims(store, AT_ONCE);
      copy(connection, claims.getFirst(), ITS_OWN);

      assertFoundByKeys(store, claims, connection);
    }
  }

  private static void assertFoundByKeys(
      PostgresStore store, List<Claim> claims, Connection connection) {
    Read before = read(connection);
    Await.until(
        "the database tells of looks",
        SOON,
        () -> {
          assertThat(lookUp(store, claims)).allMatch(Optional::isPresent);
          return read(connection).scans > before.scans + ENOUGH;
        });
    Read after = read(connection);
    assertThat(after.rows - before.rows).isLessThan(FEW * (after.scans - before.scans));
  }

  /// So many tasks of a new application.
  private List<Claim> claims(PostgresStore store, int count) throws InterruptedException {
    Owner owner = Orders.owner(ids);
    for (int i = 0; i < count; i++) {
      store.tasks().accept(Orders.order(owner, ids));
    }
    var claims = new ArrayList<Claim>();
    while (claims.size() < count) {
      claims.addAll(store.tasks().claim(count, SOON));
    }
    return claims;
  }

  private Claim neverAccepted() {
    Order order = Orders.order(Orders.owner(ids), ids);
    return Claim.first(new Task(order, new Queued(), Settlement.HELD));
  }

  private static List<Optional<Task>> lookUp(PostgresStore store, List<Claim> claims) {
    try (var askers = Executors.newVirtualThreadPerTaskExecutor()) {
      return claims.stream()
          .map(claim -> askers.submit(() -> store.tasks().current(claim)))
          .toList()
          .stream()
          .map(KeyedPlansTest::answer)
          .toList();
    }
  }

  private static <T> T answer(Future<T> asked) {
    try {
      return asked.get();
    } catch (InterruptedException | ExecutionException failure) {
      throw new AssertionError(failure);
    }
  }

  private static void copy(Connection connection, Claim claim, String application)
      throws SQLException {
    execute(connection, COPY.formatted(application.formatted(), claim.task().id().value()));
  }

  private static void execute(Connection connection, String text) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  /// What the indexes of tasks were asked for so far, and what was read in them for that.
  private record Read(long scans, long rows) {}

  private static Read read(Connection connection) {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(READ)) {
      rows.next();
      return new Read(rows.getLong(1), rows.getLong(2));
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }
}
