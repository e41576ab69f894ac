package dev.carillon.gateway.store.sqlite;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// A prepared statement whose parameters are given from the left. Of one thread at a time.
final class Sql {
  private final PreparedStatement statement;
  private int parameter;

  Sql(PreparedStatement statement) {
    this.statement = statement;
  }

  Sql again() {
    parameter = 0;
    return this;
  }

  Sql put(UUID id) throws SQLException {
    statement.setBytes(++parameter, Uuids.bytes(id));
    return this;
  }

  Sql put(byte[] bytes) throws SQLException {
    statement.setBytes(++parameter, bytes);
    return this;
  }

  Sql put(String text) throws SQLException {
    statement.setString(++parameter, text);
    return this;
  }

  Sql put(long number) throws SQLException {
    statement.setLong(++parameter, number);
    return this;
  }

  Sql put(int number) throws SQLException {
    statement.setInt(++parameter, number);
    return this;
  }

  Sql put(boolean flag) throws SQLException {
    return put(flag ? 1 : 0);
  }

  Sql put(Instant time) throws SQLException {
    return put(time.toEpochMilli());
  }

  Sql putNull() throws SQLException {
    statement.setNull(++parameter, Types.NULL);
    return this;
  }

  Sql putId(Optional<UUID> id) throws SQLException {
    return id.isPresent() ? put(id.get()) : putNull();
  }

  Sql putText(Optional<String> text) throws SQLException {
    return text.isPresent() ? put(text.get()) : putNull();
  }

  Sql putNumber(Optional<Long> number) throws SQLException {
    return number.isPresent() ? put(number.get().longValue()) : putNull();
  }

  Sql putTime(Optional<Instant> time) throws SQLException {
    return time.isPresent() ? put(time.get()) : putNull();
  }

  /// Runs a statement that changes rows.
  ///
  /// @return how many rows changed
  int update() throws SQLException {
    return statement.executeUpdate();
  }

  /// The first row.
  <T> Optional<T> one(Row.Reading<T> reading) throws SQLException {
    try (var result = statement.executeQuery()) {
      var row = new Row(result);
      return row.next() ? Optional.of(reading.read(row)) : Optional.empty();
    }
  }

  /// All rows; the statement bounds them.
  <T> List<T> all(Row.Reading<T> reading) throws SQLException {
    try (var result = statement.executeQuery()) {
      var found = new ArrayList<T>();
      var row = new Row(result);
      while (row.next()) {
        found.add(reading.read(row));
      }
      return found;
    }
  }
}
