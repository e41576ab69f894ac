package dev.carillon.gateway;

import dev.carillon.gateway.config.SecretKeys;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.postgres.PostgresConfig;
import dev.carillon.gateway.store.postgres.PostgresStore;
import dev.carillon.gateway.store.sealed.Seal;
import dev.carillon.gateway.store.sealed.SealKey;
import dev.carillon.gateway.store.sealed.SealedStore;
import dev.carillon.gateway.store.sqlite.SqliteStore;
import dev.carillon.gateway.store.transfer.MovedNote;
import java.nio.file.Path;
import java.time.Duration;
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

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private Stores() {}

  /// With its secrets sealed, as rooms use it. A PostgreSQL that is away is waited for, as long as
  /// `store.wait` says.
  ///
  /// With PostgreSQL a key of one node's own folder would be worth nothing to the others.
  static Store sealed(RoomConfigs configs, InstantSource clock, Ids ids, RandomGenerator random) {
    Store store = awaited(configs, clock, ids);
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

  /// A database that fails over, or starts together with its nodes, is there a little later. Who
  /// ends instead is started again by whoever watches over it, with ever longer pauses.
  private static Store awaited(RoomConfigs configs, InstantSource clock, Ids ids) {
    if (configs.postgres().isEmpty()) {
      return open(configs, clock, ids);
    }
    long begun = System.nanoTime();
    while (true) {
      try {
        return open(configs, clock, ids);
      } catch (StoreUnavailableException away) {
        Duration left = configs.storeWait().minusNanos(System.nanoTime() - begun);
        if (!PostgresStore.mayBeBack(away) || !left.isPositive()) {
          throw away;
        }
        LOG.warn("store.away reason=\"{}\" left_s={}", away.getMessage(), left.toSeconds());
        pause(left.compareTo(PAUSE) < 0 ? left : PAUSE, away);
      }
    }
  }

  private static void pause(Duration time, StoreUnavailableException otherwise) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw otherwise;
    }
  }

  /// Without waiting for it.
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
