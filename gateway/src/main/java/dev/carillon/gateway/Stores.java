package dev.carillon.gateway;

import dev.carillon.gateway.config.SecretKeys;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.postgres.PostgresConfig;
import dev.carillon.gateway.store.postgres.PostgresStore;
import dev.carillon.gateway.store.sealed.Seal;
import dev.carillon.gateway.store.sealed.SealKey;
import dev.carillon.gateway.store.sealed.SealedStore;
import dev.carillon.gateway.store.sqlite.SqliteStore;
import dev.carillon.gateway.store.transfer.MovedNote;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the store that the settings name, unless it was moved elsewhere.
final class Stores {
  private static final Logger LOG = LoggerFactory.getLogger(Stores.class);

  private Stores() {}

  /// With its secrets sealed, as rooms use it.
  ///
  /// With PostgreSQL a key of one node's own folder would be worth nothing to the others.
  static Store sealed(RoomConfigs configs, InstantSource clock, Ids ids, RandomGenerator random) {
    Store store = open(configs, clock, ids);
    boolean done = false;
    try {
      String configured = configs.settings().get(SecretKeys.KEY);
      Optional<String> key =
          !configured.isEmpty()
              ? Optional.of(configured)
              : configs.postgres().isPresent()
                  ? Optional.empty()
                  : Optional.of(new AdminFiles(configs.data()).secretsKey(random));
      if (key.isEmpty()) {
        LOG.warn("secrets.unsealed reason=\"set secrets.key, the same on all nodes\"");
      }
      List<SealKey> others =
          configs.settings().get(SecretKeys.OTHERS).stream().map(SealKey::of).toList();
      Store sealed =
          SealedStore.over(store, key.map(text -> new Seal(SealKey.of(text), others, random)));
      done = true;
      return sealed;
    } finally {
      if (!done) {
        store.close();
      }
    }
  }

  static Store open(RoomConfigs configs, InstantSource clock, Ids ids) {
    Optional<PostgresConfig> postgres = configs.postgres();
    Store store =
        postgres.isPresent()
            ? PostgresStore.open(postgres.get(), clock, ids)
            : SqliteStore.open(configs.database(), configs.store(), clock, ids);
    try {
      MovedNote.requireNone(store.access());
      return store;
    } catch (RuntimeException moved) {
      store.close();
      throw moved;
    }
  }
}
