package dev.carillon.gateway.store.transfer;

import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.sqlite.SqliteFile;
import dev.carillon.gateway.store.transfer.StorePlace.InFile;
import dev.carillon.gateway.store.transfer.StorePlace.InPostgres;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;

/// A copy of a file's store as of one moment, while a gateway may run on it.
public final class Backup {
  private Backup() {}

  /// Writes the copy; it stands under its name only when it is whole and on the disk.
  ///
  /// @return its bytes
  /// @throws TransferException when there is such a file already, or the store is in PostgreSQL
  /// @throws StoreUnavailableException when it cannot be read or written
  public static long write(StorePlace place, Path to) {
    return switch (place) {
      case InFile(var file) -> write(file, to.toAbsolutePath());
      case InPostgres _ ->
          throw new TransferException(
              "a store in PostgreSQL is backed up with pg_basebackup or pg_dump: docs/operations.md");
    };
  }

  private static long write(Path file, Path to) {
    if (!SqliteFile.exists(file)) {
      throw new TransferException("there is no store in " + file);
    }
    if (Files.exists(to)) {
      throw new TransferException(to + " is there already: name a new file");
    }
    Path part = to.resolveSibling(to.getFileName() + ".part");
    try {
      Files.deleteIfExists(part);
      // SQLite fills a file that is there and empty; it is for its owner's eyes as the store is.
      OwnersFile.create(part);
      try (Connection connection = SqliteFile.reading(file);
          var statement = connection.prepareStatement("VACUUM INTO ?")) {
        statement.setString(1, part.toString());
        statement.execute();
      }
      force(part, StandardOpenOption.WRITE);
      Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
      force(to.resolveSibling(""), StandardOpenOption.READ);
      return Files.size(to);
    } catch (SQLException | IOException failure) {
      throw new StoreUnavailableException("the store " + file + " cannot be copied", failure);
    }
  }

  private static void force(Path path, StandardOpenOption how) throws IOException {
    try (var channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }
}
