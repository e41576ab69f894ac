package dev.carillon.gateway;

import dev.carillon.gateway.config.Keys;
import dev.carillon.gateway.config.Settings;
import dev.carillon.gateway.store.check.Checkup;
import dev.carillon.gateway.store.check.Report;
import dev.carillon.gateway.store.transfer.StorePlace;
import java.util.Optional;

/// What an operator does to a store besides running gateways on it: finds it, and looks whether it
/// is sound.
public final class Upkeep {
  private Upkeep() {}

  /// The store that the settings name.
  public static StorePlace place(Settings settings) {
    String store = settings.get(Keys.STORE);
    return store.equals("sqlite")
        ? new StorePlace.InFile(new RoomConfigs(settings).database())
        : place(store, settings);
  }

  /// The store that a text names: a PostgreSQL URL, a database file, or a data folder. The password
  /// that is set holds for a URL without one.
  ///
  /// @throws dev.carillon.gateway.store.transfer.TransferException for a URL that cannot be read
  public static StorePlace place(String text, Settings settings) {
    String password = settings.get(Keys.STORE_PASSWORD);
    return StorePlace.of(text, password.isEmpty() ? Optional.empty() : Optional.of(password));
  }

  /// Looks at a whole store; it only reads.
  ///
  /// @throws dev.carillon.gateway.store.StoreUnavailableException when it cannot be read
  public static Report check(StorePlace place) {
    return switch (place) {
      case StorePlace.InFile(var file) -> Checkup.of(file);
      case StorePlace.InPostgres(var database) -> Checkup.of(database);
    };
  }
}
