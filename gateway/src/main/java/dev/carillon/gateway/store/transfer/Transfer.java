package dev.carillon.gateway.store.transfer;

import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.transfer.StorePlace.InFile;
import dev.carillon.gateway.store.transfer.StorePlace.InPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/// Moves a whole store, while no gateway runs on it.
public final class Transfer {
  private final UUID gone;
  private final Consumer<String> progress;

  /// @param gone an id that no node has: what is open in a PostgreSQL destination is that one's
  /// @param progress told of each table that is done
  public Transfer(UUID gone, Consumer<String> progress) {
    this.gone = gone;
    this.progress = progress;
  }

  /// How many rows of each table were moved.
  public record Moved(Map<String, Long> rows) {
    public Moved {
      rows = new LinkedHashMap<>(rows);
    }

    public long total() {
      return rows.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /// Writes a store to a stream.
  ///
  /// @throws TransferException when that is refused, and then the stream's content is worthless
  public Moved export(StorePlace from, OutputStream to) {
    return moved(() -> {
      try (Origin origin = origin(from)) {
        var destination = new ArchiveDestination(to);
        Moved moved = move(origin, destination);
        destination.commit();
        return moved;
      }
    });
  }

  /// Fills an empty store from such a stream.
  ///
  /// @throws TransferException when that is refused, and then nothing was changed
  public Moved load(InputStream from, StorePlace to) {
    return moved(() -> {
      Origin origin = new ArchiveOrigin(from);
      try (Destination destination = destination(to)) {
        Moved moved = move(origin, destination);
        destination.commit();
        return moved;
      }
    });
  }

  /// Fills an empty store from another one, on which no gateway starts from then on.
  ///
  /// The old one is closed before the new one is whole: who stops in between has none that is open,
  /// never two.
  ///
  /// @throws TransferException when that is refused, and then nothing was changed, or when the
  ///   destination did not confirm, and then the old one stays closed
  public Moved copy(StorePlace from, StorePlace to) {
    return moved(() -> {
      try (Origin origin = origin(from);
          Destination destination = destination(to)) {
        Moved moved = move(origin, destination);
        origin.moved(to.toString());
        confirm(destination, from, to);
        return moved;
      }
    });
  }

  /// What a broken connection did to a commit nobody knows.
  private static void confirm(Destination destination, StorePlace from, StorePlace to)
      throws IOException {
    try {
      destination.commit();
    } catch (SQLException unknown) {
      throw new TransferException(
          to
              + " did not confirm that it took everything, and "
              + from
              + " stays closed: look with 'carillon store check'; where nothing is there, open the old one"
              + " again with 'carillon store reopen'",
          unknown);
    }
  }

  /// Lets gateways start again on a store that was moved.
  ///
  /// @return where it was moved to; empty when it was not
  /// @throws TransferException when a gateway runs on it
  public static Optional<String> reopen(StorePlace place) {
    try {
      return switch (place) {
        case InFile(var file) -> {
          try (var held = SqliteOrigin.hold(file);
              var connection = held.writing()) {
            yield MovedNote.remove(connection);
          }
        }
        case InPostgres(var database) -> {
          try (var connection = database.connect()) {
            yield MovedNote.remove(connection);
          }
        }
      };
    } catch (SQLException failure) {
      throw new StoreUnavailableException(
          "the store " + place + " cannot be opened again", failure);
    }
  }

  private static Origin origin(StorePlace place) throws SQLException {
    return switch (place) {
      case InFile(var file) -> SqliteOrigin.open(file);
      case InPostgres(var database) -> PostgresOrigin.open(database);
    };
  }

  private Destination destination(StorePlace place) throws SQLException {
    return switch (place) {
      case InFile(var file) -> SqliteDestination.open(file);
      case InPostgres(var database) -> PostgresDestination.open(database, gone);
    };
  }

  private Moved move(Origin origin, Destination destination) throws IOException, SQLException {
    Manifest manifest = origin.manifest();
    destination.begin(manifest);
    var rows = new LinkedHashMap<String, Long>();
    for (Table table : manifest.tables()) {
      var count = new long[1];
      destination.table(table);
      origin.read(
          table,
          values -> {
            count[0]++;
            destination.row(values);
          });
      if (count[0] != table.rows()) {
        throw new TransferException(
            "%d rows of %s were counted and %d read"
                .formatted(table.rows(), table.name(), count[0]));
      }
      rows.put(table.name(), count[0]);
      progress.accept(table.name() + " " + count[0]);
    }
    origin.end();
    destination.end();
    return new Moved(rows);
  }

  private static Moved moved(Moving moving) {
    try {
      return moving.run();
    } catch (IOException failure) {
      throw new TransferException("the file cannot be read or written", failure);
    } catch (SQLException failure) {
      throw new StoreUnavailableException("the database refused", failure);
    }
  }

  @FunctionalInterface
  private interface Moving {
    Moved run() throws IOException, SQLException;
  }
}
