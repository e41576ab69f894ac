package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.store.sqlite.SqliteConfig;
import dev.carillon.gateway.store.sqlite.SqliteStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Holds the SQLite store to the laws.
final class SqliteStoreTest {
  private static final SqliteConfig QUICK =
      SqliteConfig.defaults().withNoteEvery(Duration.ofMillis(20));

  private static Store sqlite(Path folder, InstantSource clock, Ids ids) {
    return SqliteStore.open(folder.resolve("carillon.db"), QUICK, clock, ids);
  }

  @Nested
  final class Tasks extends StoreTaskLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return sqlite(folder, clock, ids);
    }
  }

  @Nested
  final class Queries extends StoreQueryLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return sqlite(folder, clock, ids);
    }
  }

  @Nested
  final class Deliveries extends StoreDeliveryLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return sqlite(folder, clock, ids);
    }

    /// The migration of old files cut origins out more roughly than callbacks are queued now.
    @Test
    void a_delivery_is_tried_on_in_the_queue_it_stands_in_whatever_its_url_says() throws Exception {
      end();
      var dispatch = dispatchOne();
      store.close();
      try (var connection =
              DriverManager.getConnection("jdbc:sqlite:" + place().resolve("carillon.db"));
          var statement = connection.createStatement()) {
        statement.execute("UPDATE delivery SET destination = 'https://caller.example'");
      }
      reopen();

      store
          .deliveries()
          .recordAttempt(dispatchOne(), receipt(new Next.Retry(clock.instant(), true)));

      assertThat(dispatchOne().id()).isEqualTo(dispatch.id());
    }
  }

  @Nested
  final class MoneyAndAccess extends StoreMoneyLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return sqlite(folder, clock, ids);
    }
  }

  @Nested
  final class Endpoints extends StoreEndpointLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return sqlite(folder, clock, ids);
    }
  }

  @Nested
  final class Sending extends StoreSendingLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return sqlite(folder, clock, ids);
    }
  }

  @Nested
  final class Recoveries extends StoreRecoveryLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return sqlite(folder, clock, ids);
    }
  }

  @Nested
  final class Feed extends StoreFeedLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return sqlite(folder, clock, ids);
    }
  }

  @Nested
  final class LimitsAndTurns extends StoreLimitLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return sqlite(folder, clock, ids);
    }
  }

  @Nested
  final class Keys extends StoreKeyLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return sqlite(folder, clock, ids);
    }
  }

  @Nested
  final class Cancelling extends StoreCancelLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return sqlite(folder, clock, ids);
    }
  }

  @Nested
  final class Keeping extends StoreKeepingLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return sqlite(folder, clock, ids);
    }
  }

  @Nested
  final class LateAndInPart extends StoreLateLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return sqlite(folder, clock, ids);
    }
  }

  @Nested
  final class Histories extends StoreHistoryLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return sqlite(folder, clock, ids);
    }
  }

  @Nested
  final class MoneyRun extends StoreMoneyRunLaws {
    private static final String SUMS =
        "SELECT task_id, sum(iif(kind IN (1, 4), amount, 0)), sum(iif(kind = 2, amount, 0)),"
            + " sum(iif(kind = 3, amount, 0)) FROM ledger GROUP BY task_id";

    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return sqlite(folder, clock, ids);
    }

    @Override
    Map<TaskId, Rows> ledger(Path place) {
      var rows = new HashMap<TaskId, Rows>();
      try (var connection =
              DriverManager.getConnection("jdbc:sqlite:" + place.resolve("carillon.db"));
          var statement = connection.createStatement();
          var found = statement.executeQuery(SUMS)) {
        while (found.next()) {
          var id = ByteBuffer.wrap(found.getBytes(1));
          rows.put(
              new TaskId(new UUID(id.getLong(), id.getLong())),
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

  @Nested
  final class Directory extends StoreDirectoryLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return sqlite(folder, clock, ids);
    }
  }

  @Nested
  final class Usage extends StoreUsageLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return sqlite(folder, clock, ids);
    }
  }
}
