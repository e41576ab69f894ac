package dev.carillon.gateway.store.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.store.postgres.PostgresBench;
import dev.carillon.gateway.store.sqlite.SqliteFile;
import dev.carillon.gateway.store.transfer.StorePlace.InPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Both databases are seen as the same tables. Who adds a table or a column to one of them only, or
/// under another name, says here how it is carried: in `SqliteLayout` or `PostgresLayout`.
final class LayoutTest {
  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  @Test
  void both_databases_are_seen_as_the_same_tables() throws SQLException {
    Path file = folder.resolve("carillon.db");
    Schema.migrate(new StorePlace.InFile(file));
    String database = PostgresBench.create();
    var place = (InPostgres) StorePlace.of(PostgresBench.server().url(database), Optional.empty());
    Schema.migrate(place);

    try (var sqlite = SqliteFile.reading(file);
        var postgres = place.database().connect()) {
      assertThat(shape(SqliteLayout.of(sqlite))).isEqualTo(shape(PostgresLayout.of(postgres)));
    } finally {
      PostgresBench.drop(database);
    }
  }

  private static Map<String, Map<String, Kind>> shape(List<View> views) {
    var tables = new TreeMap<String, Map<String, Kind>>();
    for (View view : views) {
      var columns = new TreeMap<String, Kind>();
      view.columns().forEach(column -> columns.put(column.name(), column.kind()));
      tables.put(view.name(), columns);
    }
    return tables;
  }
}
