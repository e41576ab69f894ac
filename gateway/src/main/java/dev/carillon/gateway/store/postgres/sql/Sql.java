package dev.carillon.gateway.store.postgres.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// A prepared statement whose parameters are given from the left; run once, then closed. The driver
/// keeps the prepared form, so making it again is cheap. Of one thread at a time.
///
/// Many rows are given as one array for each column, to be unfolded by `unnest`: the text of the
/// statement is the same however many they are.
public final class Sql {
  private final PreparedStatement statement;
  private int parameter;

  Sql(PreparedStatement statement) {
    this.statement = statement;
  }

  public Sql put(UUID id) throws SQLException {
    statement.setObject(++parameter, id);
    return this;
  }

  public Sql put(byte[] bytes) throws SQLException {
    statement.setBytes(++parameter, bytes);
    return this;
  }

  public Sql put(String text) throws SQLException {
    statement.setString(++parameter, text);
    return this;
  }

  public Sql put(long number) throws SQLException {
    statement.setLong(++parameter, number);
    return this;
  }

  public Sql put(int number) throws SQLException {
    statement.setInt(++parameter, number);
    return this;
  }

  public Sql put(boolean flag) throws SQLException {
    statement.setBoolean(++parameter, flag);
    return this;
  }

  /// A time, kept as epoch milliseconds.
  public Sql put(Instant time) throws SQLException {
    return put(time.toEpochMilli());
  }

  public Sql putId(Optional<UUID> id) throws SQLException {
    return id.isPresent() ? put(id.get()) : putNull(Types.OTHER);
  }

  public Sql putText(Optional<String> text) throws SQLException {
    return text.isPresent() ? put(text.get()) : putNull(Types.VARCHAR);
  }

  public Sql putFlag(Optional<Boolean> flag) throws SQLException {
    return flag.isPresent() ? put(flag.get().booleanValue()) : putNull(Types.BOOLEAN);
  }

  public Sql putNumber(Optional<Long> number) throws SQLException {
    return number.isPresent() ? put(number.get().longValue()) : putNull(Types.BIGINT);
  }

  public Sql putTime(Optional<Instant> time) throws SQLException {
    return putNumber(time.map(Instant::toEpochMilli));
  }

  private Sql putNull(int type) throws SQLException {
    statement.setNull(++parameter, type);
    return this;
  }

  public Sql putIds(Collection<UUID> ids) throws SQLException {
    return putArray("uuid", ids.toArray());
  }

  public Sql putTexts(Collection<String> texts) throws SQLException {
    return putArray("text", texts.toArray());
  }

  public Sql putNumbers(Collection<Long> numbers) throws SQLException {
    return putArray("int8", numbers.toArray());
  }

  /// A column of ids of many rows.
  public <R> Sql ids(List<R> rows, Function<R, UUID> column) throws SQLException {
    return putArray("uuid", rows.stream().map(column).toArray());
  }

  public <R> Sql maybeIds(List<R> rows, Function<R, Optional<UUID>> column) throws SQLException {
    return putArray("uuid", nullable(rows, column));
  }

  public <R> Sql texts(List<R> rows, Function<R, String> column) throws SQLException {
    return putArray("text", rows.stream().map(column).toArray());
  }

  public <R> Sql maybeTexts(List<R> rows, Function<R, Optional<String>> column)
      throws SQLException {
    return putArray("text", nullable(rows, column));
  }

  public <R> Sql numbers(List<R> rows, ToLongFunction<R> column) throws SQLException {
    return putArray("int8", rows.stream().map(column::applyAsLong).toArray());
  }

  public <R> Sql maybeNumbers(List<R> rows, Function<R, Optional<Long>> column)
      throws SQLException {
    return putArray("int8", nullable(rows, column));
  }

  /// A column of times of many rows, as epoch milliseconds.
  public <R> Sql times(List<R> rows, Function<R, Instant> column) throws SQLException {
    return numbers(rows, row -> column.apply(row).toEpochMilli());
  }

  private static <R, V> Object[] nullable(List<R> rows, Function<R, Optional<V>> column) {
    var values = new Object[rows.size()];
    for (int i = 0; i < values.length; i++) {
      column.apply(rows.get(i)).ifPresent(new Slot(values, i)::fill);
    }
    return values;
  }

  /// A place in an array that stays null unless filled.
  @SuppressWarnings("ArrayRecordComponent") // the place is in the caller's own array
  private record Slot(Object[] values, int at) {
    private void fill(Object value) {
      values[at] = value;
    }
  }

  private Sql putArray(String type, Object[] values) throws SQLException {
    Connection connection = statement.getConnection();
    statement.setArray(++parameter, connection.createArrayOf(type, values));
    return this;
  }

  /// Runs a statement that changes rows.
  ///
  /// @return how many rows changed
  public int update() throws SQLException {
    try (statement) {
      return statement.executeUpdate();
    }
  }

  /// The first row.
  public <T> Optional<T> one(Row.Reading<T> reading) throws SQLException {
    try (statement;
        var result = statement.executeQuery()) {
      var row = new Row(result);
      return row.next() ? Optional.of(reading.read(row)) : Optional.empty();
    }
  }

  /// All rows; the statement bounds them.
  public <T> List<T> all(Row.Reading<T> reading) throws SQLException {
    try (statement;
        var result = statement.executeQuery()) {
      var found = new ArrayList<T>();
      var row = new Row(result);
      while (row.next()) {
        found.add(reading.read(row));
      }
      return found;
    }
  }
}
