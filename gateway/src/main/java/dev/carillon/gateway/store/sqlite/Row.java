package dev.carillon.gateway.store.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// One row of a result, read column by column from the left.
final class Row {
  private final ResultSet result;
  private int column;

  Row(ResultSet result) {
    this.result = result;
  }

  boolean next() throws SQLException {
    column = 0;
    return result.next();
  }

  UUID uuid() throws SQLException {
    return Uuids.read(result.getBytes(++column));
  }

  Optional<UUID> maybeUuid() throws SQLException {
    return Optional.ofNullable(result.getBytes(++column)).map(Uuids::read);
  }

  byte[] bytes() throws SQLException {
    return result.getBytes(++column);
  }

  String text() throws SQLException {
    return result.getString(++column);
  }

  Optional<String> maybeText() throws SQLException {
    return Optional.ofNullable(result.getString(++column));
  }

  int integer() throws SQLException {
    return result.getInt(++column);
  }

  long number() throws SQLException {
    return result.getLong(++column);
  }

  Optional<Long> maybeNumber() throws SQLException {
    long number = result.getLong(++column);
    return number == 0 && result.wasNull() ? Optional.empty() : Optional.of(number);
  }

  boolean flag() throws SQLException {
    return result.getInt(++column) != 0;
  }

  Instant time() throws SQLException {
    return Instant.ofEpochMilli(result.getLong(++column));
  }

  Optional<Instant> maybeTime() throws SQLException {
    long millis = result.getLong(++column);
    return millis == 0 && result.wasNull()
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(millis));
  }

  /// Makes something of the row a statement stands on.
  @FunctionalInterface
  interface Reading<T> {
    T read(Row row) throws SQLException;
  }
}
