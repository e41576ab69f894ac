package dev.carillon.gateway.store.postgres.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// One row of a result, read column by column from the left.
public final class Row {
  private final ResultSet result;
  private int column;

  Row(ResultSet result) {
    this.result = result;
  }

  boolean next() throws SQLException {
    column = 0;
    return result.next();
  }

  public UUID uuid() throws SQLException {
    return result.getObject(++column, UUID.class);
  }

  public Optional<UUID> maybeUuid() throws SQLException {
    return Optional.ofNullable(result.getObject(++column, UUID.class));
  }

  public byte[] bytes() throws SQLException {
    return result.getBytes(++column);
  }

  public String text() throws SQLException {
    return result.getString(++column);
  }

  public Optional<String> maybeText() throws SQLException {
    return Optional.ofNullable(result.getString(++column));
  }

  public int integer() throws SQLException {
    return result.getInt(++column);
  }

  public long number() throws SQLException {
    return result.getLong(++column);
  }

  public Optional<Long> maybeNumber() throws SQLException {
    long number = result.getLong(++column);
    return number == 0 && result.wasNull() ? Optional.empty() : Optional.of(number);
  }

  public boolean flag() throws SQLException {
    return result.getBoolean(++column);
  }

  /// A time, kept as epoch milliseconds.
  public Instant time() throws SQLException {
    return Instant.ofEpochMilli(number());
  }

  public Optional<Instant> maybeTime() throws SQLException {
    return maybeNumber().map(Instant::ofEpochMilli);
  }

  /// Makes something of the row a statement stands on.
  @FunctionalInterface
  public interface Reading<T> {
    T read(Row row) throws SQLException;
  }
}
