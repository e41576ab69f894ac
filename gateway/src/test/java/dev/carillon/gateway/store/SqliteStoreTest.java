package dev.carillon.gateway.store;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.store.sqlite.SqliteConfig;
import dev.carillon.gateway.store.sqlite.SqliteStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Nested;

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
  }

  @Nested
  final class MoneyAndAccess extends StoreMoneyLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return sqlite(folder, clock, ids);
    }
  }
}
