package dev.carillon.gateway.store.transfer;

import dev.carillon.gateway.store.postgres.sql.PostgresPlace;
import dev.carillon.gateway.store.postgres.sql.PostgresUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where a store is.
public sealed interface StorePlace {
  /// The name of the database in a data folder.
  String FILE = "carillon.db";

  /// In a file.
  record InFile(Path file) implements StorePlace {
    @Override
    public String toString() {
      return "sqlite " + file;
    }
  }

  /// In a PostgreSQL database.
  record InPostgres(PostgresPlace database) implements StorePlace {
    @Override
    public String toString() {
      return database.toString();
    }
  }

  /// Reads a PostgreSQL URL, a database file, or a data folder.
  ///
  /// @param password for a URL that has none
  /// @throws TransferException for a URL that cannot be read
  static StorePlace of(String text, Optional<String> password) {
    if (PostgresUrl.isOne(text)) {
      return postgres(text, password);
    }
    String path = text.startsWith("sqlite:") ? text.substring("sqlite:".length()) : text;
    Path place = Path.of(path).toAbsolutePath().normalize();
    boolean isFolder =
        Files.isDirectory(place) || !String.valueOf(place.getFileName()).contains(".");
    return new InFile(isFolder ? place.resolve(FILE) : place);
  }

  private static StorePlace postgres(String text, Optional<String> password) {
    try {
      PostgresUrl url = PostgresUrl.parse(text);
      return new InPostgres(
          new PostgresPlace(
              url.password().isEmpty() && password.isPresent()
                  ? url.withPassword(password.get())
                  : url));
    } catch (IllegalArgumentException wrong) {
      throw new TransferException("the store " + wrong.getMessage());
    }
  }
}
