package dev.carillon.gateway;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.postgres.PostgresConfig;
import dev.carillon.gateway.store.postgres.PostgresStore;
import dev.carillon.gateway.store.sqlite.SqliteStore;
import java.time.InstantSource;
import java.util.Optional;

/// Opens the store that the settings name.
final class Stores {
  private Stores() {}

  static Store open(RoomConfigs configs, InstantSource clock, Ids ids) {
    Optional<PostgresConfig> postgres = configs.postgres();
    return postgres.isPresent()
        ? PostgresStore.open(postgres.get(), clock, ids)
        : SqliteStore.open(configs.database(), configs.store(), clock, ids);
  }
}
