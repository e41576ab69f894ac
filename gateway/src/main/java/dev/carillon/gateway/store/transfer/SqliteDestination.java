package dev.carillon.gateway.store.transfer;

import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.sqlite.SqliteFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A new file, filled by one transaction.
final class SqliteDestination implements Destination {
  /// Columns of carried tables that the file says otherwise.
  private static final Map<String, Set<String>> ELSEWHERE =
      Map.of(
          "task", Set.of("response"),
          "attempt", Set.of("application_id"),
          "late_wait", Set.of("application_id"));

  /// Columns that hold a place in a feed, in whatever table.
  private static final List<String> PLACES = List.of("position", "until");

  private static final String ANSWER = "INSERT INTO answer (position, response) VALUES (?, ?)";
  private static final String SPEND = "UPDATE credential SET used_amount = ? WHERE id = ?";
  private static final String RESERVE =
      "UPDATE counter SET reserved = max(reserved, ?) WHERE name = 'position'";

  private final SqliteFile held;
  private final Connection connection;
  private Places places = new Places(false, 0);
  private Optional<Writing> writing = Optional.empty();

  private SqliteDestination(SqliteFile held, Connection connection) {
    this.held = held;
    this.connection = connection;
  }

  /// Makes the file where it is not there.
  static SqliteDestination open(Path file) throws SQLException {
    SqliteFile held = SqliteOrigin.hold(file);
    try {
      held.migrate();
      Connection connection = held.writing();
      connection.setAutoCommit(false);
      return new SqliteDestination(held, connection);
    } catch (SQLException | RuntimeException failure) {
      held.close();
      throw failure;
    }
  }

  @Override
  public void begin(Manifest manifest) throws SQLException {
    Fit.require(connection, SqliteLayout.of(connection), manifest);
    long applications =
        manifest.tables().stream()
            .filter(table -> table.name().equals("head"))
            .mapToLong(Table::rows)
            .sum();
    places = new Places(manifest.placesCollide(), applications);
  }

  /// How the rows of a table are written.
  ///
  /// @param main its own row; empty where another table says it
  /// @param more what else a row writes
  /// @param indexes which values the own row takes
  private record Writing(
      Table table,
      Optional<PreparedStatement> main,
      Optional<PreparedStatement> more,
      List<Integer> indexes) {}

  @Override
  public void table(Table table) throws SQLException {
    finish();
    writing =
        Optional.of(
            switch (table.name()) {
              case "head" -> new Writing(table, Optional.empty(), Optional.empty(), List.of());
              case "spending" ->
                  new Writing(
                      table,
                      Optional.of(connection.prepareStatement(SPEND)),
                      Optional.empty(),
                      List.of(table.indexOf("used_amount"), table.indexOf("credential_id")));
              case "task" -> inserting(table, Optional.of(connection.prepareStatement(ANSWER)));
              default -> inserting(table, Optional.empty());
            });
  }

  private Writing inserting(Table table, Optional<PreparedStatement> more) throws SQLException {
    var indexes = new ArrayList<Integer>();
    var names = new ArrayList<String>();
    for (int i = 0; i < table.columns().size(); i++) {
      String name = table.columns().get(i).name();
      if (!ELSEWHERE.getOrDefault(table.name(), Set.of()).contains(name)) {
        indexes.add(i);
        names.add(name.equals("key_pair") ? "asymmetric" : name);
      }
    }
    String marks = "?" + ", ?".repeat(names.size() - 1);
    String text =
        "INSERT INTO %s (%s) VALUES (%s)".formatted(table.name(), String.join(", ", names), marks);
    return new Writing(table, Optional.of(connection.prepareStatement(text)), more, indexes);
  }

  @Override
  public void row(@Nullable Object[] values) throws SQLException {
    Writing now = writing.orElseThrow();
    Table table = now.table();
    if (table.name().equals("head")) {
      places.head(
          (UUID) Objects.requireNonNull(values[table.indexOf("application_id")]),
          number(values[table.indexOf("position")]));
      return;
    }
    renumber(table, values);
    PreparedStatement main = now.main().orElseThrow();
    for (int i = 0; i < now.indexes().size(); i++) {
      put(main, i + 1, values[now.indexes().get(i)]);
    }
    main.executeUpdate();
    if (now.more().isPresent() && values[table.indexOf("response")] != null) {
      PreparedStatement answer = now.more().get();
      put(answer, 1, values[table.indexOf("position")]);
      put(answer, 2, values[table.indexOf("response")]);
      answer.executeUpdate();
    }
  }

  private void renumber(Table table, @Nullable Object[] values) {
    for (String column : PLACES) {
      int at = table.indexOf(column);
      if (at >= 0) {
        values[at] = places.of(values[table.indexOf("application_id")], number(values[at]));
      }
    }
  }

  private static long number(@Nullable Object value) {
    return ((Long) Objects.requireNonNull(value)).longValue();
  }

  private static void put(PreparedStatement statement, int index, @Nullable Object value)
      throws SQLException {
    switch (value) {
      case null -> statement.setNull(index, Types.NULL);
      case UUID id -> statement.setBytes(index, bytes(id));
      case Long number -> statement.setLong(index, number);
      case byte[] bytes -> statement.setBytes(index, bytes);
      default -> statement.setString(index, value.toString());
    }
  }

  private static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  private void finish() throws SQLException {
    if (writing.isPresent()) {
      for (var statement : List.of(writing.get().main(), writing.get().more())) {
        if (statement.isPresent()) {
          statement.get().close();
        }
      }
    }
  }

  @Override
  public void end() throws SQLException {
    finish();
    try (var reserve = connection.prepareStatement(RESERVE)) {
      reserve.setLong(1, places.latest());
      reserve.executeUpdate();
    }
  }

  @Override
  public void commit() throws SQLException {
    connection.commit();
  }

  @Override
  public void close() {
    try (held) {
      connection.close();
    } catch (SQLException failure) {
      throw new StoreUnavailableException("cannot close the database", failure);
    }
  }
}
