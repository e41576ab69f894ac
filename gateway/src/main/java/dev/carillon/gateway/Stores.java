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
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
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
      Optional<Seal> seal = seal(configs, random);
      if (seal.isEmpty()) {
        LOG.warn("secrets.unsealed reason=\"set secrets.key, the same on all nodes\"");
      }
      Store sealed = SealedStore.over(store, seal, advice(configs));
      done = true;
      return sealed;
    } finally {
      if (!done) {
        store.close();
      }
    }
  }

  /// The key of the file opens what it sealed, too, where another one is configured.
  private static Optional<Seal> seal(RoomConfigs configs, RandomGenerator random) {
    var files = new AdminFiles(configs.data());
    String configured = configs.settings().get(SecretKeys.KEY);
    if (configured.isEmpty() && configs.postgres().isPresent()) {
      return Optional.empty();
    }
    String key = configured.isEmpty() ? files.secretsKey(random) : configured;
    List<SealKey> others =
        Stream.concat(
                configs.settings().get(SecretKeys.OTHERS).stream(),
                files.knownSecretsKey().stream())
            .map(SealKey::of)
            .toList();
    return Optional.of(new Seal(SealKey.of(key), others, random));
  }

  /// What to do where the secrets are sealed with a key that is not here.
  static String advice(RoomConfigs configs) {
    boolean configured = !configs.settings().get(SecretKeys.KEY).isEmpty();
    if (configs.postgres().isEmpty()) {
      Path file = new AdminFiles(configs.data()).secretsKeyFile();
      return "put the file %s back, or name the key in secrets.other-keys".formatted(file);
    }
    return configured
        ? "set secrets.key as on the other nodes, or name the key in secrets.other-keys"
        : "set secrets.key as on the other nodes; without it, no other key is looked for";
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
