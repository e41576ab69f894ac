package dev.carillon.gateway.store;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.store.postgres.PostgresBench;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/// Holds the PostgreSQL store to the laws, on a real server; left out where none is installed. A
/// crash is a node that ends without a word and whose lease has passed; the next one is another
/// node on the same database.
final class PostgresStoreTest {
  @Nested
  final class Tasks extends StoreTaskLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return PostgresBench.open(folder, clock, ids);
    }

    @Override
    Path left(Path copy) {
      PostgresBench.crash(store);
      return place();
    }

    @AfterEach
    void drop() {
      close_all();
      PostgresBench.clean(folder);
    }
  }

  @Nested
  final class Queries extends StoreQueryLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return PostgresBench.open(folder, clock, ids);
    }

    @Override
    Path left(Path copy) {
      PostgresBench.crash(store);
      return place();
    }

    @AfterEach
    void drop() {
      close_all();
      PostgresBench.clean(folder);
    }
  }

  @Nested
  final class Deliveries extends StoreDeliveryLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return PostgresBench.open(folder, clock, ids);
    }

    @Override
    Path left(Path copy) {
      PostgresBench.crash(store);
      return place();
    }

    @AfterEach
    void drop() {
      close_all();
      PostgresBench.clean(folder);
    }
  }

  @Nested
  final class MoneyAndAccess extends StoreMoneyLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return PostgresBench.open(folder, clock, ids);
    }

    @Override
    Path left(Path copy) {
      PostgresBench.crash(store);
      return place();
    }

    @AfterEach
    void drop() {
      close_all();
      PostgresBench.clean(folder);
    }
  }

  @Nested
  final class LateAndInPart extends StoreLateLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return PostgresBench.open(folder, clock, ids);
    }

    @Override
    Path left(Path copy) {
      PostgresBench.crash(store);
      return place();
    }

    @AfterEach
    void drop() {
      close_all();
      PostgresBench.clean(folder);
    }
  }

  @Nested
  final class Endpoints extends StoreEndpointLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return PostgresBench.open(folder, clock, ids);
    }

    @Override
    Path left(Path copy) {
      PostgresBench.crash(store);
      return place();
    }

    @AfterEach
    void drop() {
      close_all();
      PostgresBench.clean(folder);
    }
  }

  @Nested
  final class Sending extends StoreSendingLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return PostgresBench.open(folder, clock, ids);
    }

    @Override
    Path left(Path copy) {
      PostgresBench.crash(store);
      return place();
    }

    @AfterEach
    void drop() {
      close_all();
      PostgresBench.clean(folder);
    }
  }

  @Nested
  final class Recoveries extends StoreRecoveryLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return PostgresBench.open(folder, clock, ids);
    }

    @Override
    Path left(Path copy) {
      PostgresBench.crash(store);
      return place();
    }

    @AfterEach
    void drop() {
      close_all();
      PostgresBench.clean(folder);
    }
  }

  @Nested
  final class Feed extends StoreFeedLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return PostgresBench.open(folder, clock, ids);
    }

    @Override
    Path left(Path copy) {
      PostgresBench.crash(store);
      return place();
    }

    @AfterEach
    void drop() {
      close_all();
      PostgresBench.clean(folder);
    }
  }

  @Nested
  final class LimitsAndTurns extends StoreLimitLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return PostgresBench.open(folder, clock, ids);
    }

    @Override
    Path left(Path copy) {
      PostgresBench.crash(store);
      return place();
    }

    @AfterEach
    void drop() {
      close_all();
      PostgresBench.clean(folder);
    }
  }

  @Nested
  final class Keys extends StoreKeyLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return PostgresBench.open(folder, clock, ids);
    }

    @Override
    Path left(Path copy) {
      PostgresBench.crash(store);
      return place();
    }

    @AfterEach
    void drop() {
      close_all();
      PostgresBench.clean(folder);
    }
  }

  @Nested
  final class Cancelling extends StoreCancelLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return PostgresBench.open(folder, clock, ids);
    }

    @Override
    Path left(Path copy) {
      PostgresBench.crash(store);
      return place();
    }

    @AfterEach
    void drop() {
      close_all();
      PostgresBench.clean(folder);
    }
  }

  @Nested
  final class Keeping extends StoreKeepingLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return PostgresBench.open(folder, clock, ids);
    }

    @Override
    Path left(Path copy) {
      PostgresBench.crash(store);
      return place();
    }

    @AfterEach
    void drop() {
      close_all();
      PostgresBench.clean(folder);
    }
  }

  @Nested
  final class Directory extends StoreDirectoryLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return PostgresBench.open(folder, clock, ids);
    }

    @Override
    Path left(Path copy) {
      PostgresBench.crash(store);
      return place();
    }

    @AfterEach
    void drop() {
      close_all();
      PostgresBench.clean(folder);
    }
  }

  @Nested
  final class Usage extends StoreUsageLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return PostgresBench.open(folder, clock, ids);
    }

    @Override
    Path left(Path copy) {
      PostgresBench.crash(store);
      return place();
    }

    @AfterEach
    void drop() {
      close_all();
      PostgresBench.clean(folder);
    }
  }

  @Nested
  final class Histories extends StoreHistoryLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return PostgresBench.open(folder, clock, ids);
    }

    @Override
    Path left(Path copy) {
      PostgresBench.crash(store);
      return place();
    }

    @AfterEach
    void drop() {
      close_all();
      PostgresBench.clean(folder);
    }
  }

  @Nested
  final class MoneyRun extends StoreMoneyRunLaws {
    private static final String SUMS =
        "SELECT task_id, sum(amount) FILTER (WHERE kind IN (1, 4)),"
            + " coalesce(sum(amount) FILTER (WHERE kind = 2), 0),"
            + " coalesce(sum(amount) FILTER (WHERE kind = 3), 0) FROM ledger GROUP BY task_id";

    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return PostgresBench.open(folder, clock, ids);
    }

    @Override
    Path left(Path copy) {
      PostgresBench.crash(store);
      return place();
    }

    @AfterEach
    void drop() {
      close_all();
      PostgresBench.clean(folder);
    }

    @Override
    Map<TaskId, Rows> ledger(Path place) {
      var rows = new HashMap<TaskId, Rows>();
      try (var connection = PostgresBench.connect(PostgresBench.database(place));
          var statement = connection.createStatement();
          var found = statement.executeQuery(SUMS)) {
        while (found.next()) {
          rows.put(
              new TaskId(found.getObject(1, UUID.class)),
              new Rows(
                  new Money(found.getLong(2)),
                  new Money(found.getLong(3)),
                  new Money(found.getLong(4))));
        }
      } catch (SQLException failure) {
        throw new AssertionError(failure);
      }
      return rows;
    }
  }
}
