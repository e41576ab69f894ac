package dev.carillon.gateway.store.postgres.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// A statement whose parameters are given from the left; run once, at once or with the session's
/// next message. The driver keeps the prepared form, so making it again is cheap. Of one thread at
/// a time.
///
/// Many rows are given as one array for each column, to be unfolded by `unnest`: the text of the
/// statement is the same however many they are.
public final class Sql {
  /// Of an id or a number, as text in an array.
  private static final int USUAL_BYTES = 40;

  private final Session session;
  private final String text;
  private final List<Parameter> parameters = new ArrayList<>();
  private long bytes;

  Sql(Session session, String text) {
    this.session = session;
    this.text = text;
  }

  /// Sets one parameter of a statement.
  @FunctionalInterface
  private interface Parameter {
    void set(PreparedStatement statement, int index) throws SQLException;
  }

  private Sql with(Parameter parameter) {
    return with(USUAL_BYTES, parameter);
  }

  private Sql with(long length, Parameter parameter) {
    bytes += length;
    parameters.add(parameter);
    return this;
  }

  String text() {
    return text;
  }

  /// About how long its parameters are.
  long bytes() {
    return bytes;
  }

  /// Sets its parameters in a message of several statements.
  ///
  /// @param before how many parameters those before it have
  /// @return the same with its own
  int fill(PreparedStatement statement, int before) throws SQLException {
    int index = before;
    for (Parameter parameter : parameters) {
      index++;
      parameter.set(statement, index);
    }
    return index;
  }

  public Sql put(UUID id) {
    return with((statement, index) -> statement.setObject(index, id));
  }

  public Sql put(byte[] bytes) {
    return with(bytes.length, (statement, index) -> statement.setBytes(index, bytes));
  }

  public Sql put(String text) {
    return with(text.length(), (statement, index) -> statement.setString(index, text));
  }

  public Sql put(long number) {
    return with((statement, index) -> statement.setLong(index, number));
  }

  public Sql put(int number) {
    return with((statement, index) -> statement.setInt(index, number));
  }

  public Sql put(boolean flag) {
    return with((statement, index) -> statement.setBoolean(index, flag));
  }

  /// A time, kept as epoch milliseconds.
  public Sql put(Instant time) {
    return put(time.toEpochMilli());
  }

  public Sql putId(Optional<UUID> id) {
    return id.isPresent() ? put(id.get()) : putNull(Types.OTHER);
  }

  public Sql putText(Optional<String> text) {
    return text.isPresent() ? put(text.get()) : putNull(Types.VARCHAR);
  }

  public Sql putFlag(Optional<Boolean> flag) {
    return flag.isPresent() ? put(flag.get().booleanValue()) : putNull(Types.BOOLEAN);
  }

  public Sql putNumber(Optional<Long> number) {
    return number.isPresent() ? put(number.get().longValue()) : putNull(Types.BIGINT);
  }

  public Sql putTime(Optional<Instant> time) {
    return putNumber(time.map(Instant::toEpochMilli));
  }

  private Sql putNull(int type) {
    return with((statement, index) -> statement.setNull(index, type));
  }

  public Sql putIds(Collection<UUID> ids) {
    return putArray("uuid", ids.toArray());
  }

  public Sql putTexts(Collection<String> texts) {
    return putArray("text", texts.toArray());
  }

  public Sql putNumbers(Collection<Long> numbers) {
    return putArray("int8", numbers.toArray());
  }

  /// A column of ids of many rows.
  public <R> Sql ids(List<R> rows, Function<R, UUID> column) {
    return putArray("uuid", rows.stream().map(column).toArray());
  }

  public <R> Sql maybeIds(List<R> rows, Function<R, Optional<UUID>> column) {
    return putArray("uuid", nullable(rows, column));
  }

  public <R> Sql texts(List<R> rows, Function<R, String> column) {
    return putArray("text", rows.stream().map(column).toArray());
  }

  public <R> Sql maybeTexts(List<R> rows, Function<R, Optional<String>> column) {
    return putArray("text", nullable(rows, column));
  }

  public <R> Sql numbers(List<R> rows, ToLongFunction<R> column) {
    return putArray("int8", rows.stream().map(column::applyAsLong).toArray());
  }

  public <R> Sql maybeNumbers(List<R> rows, Function<R, Optional<Long>> column) {
    return putArray("int8", nullable(rows, column));
  }

  /// A column of times of many rows, as epoch milliseconds.
  public <R> Sql times(List<R> rows, Function<R, Instant> column) {
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

  private Sql putArray(String type, Object[] values) {
    long length = 0;
    for (Object value : values) {
      length += value instanceof String text ? text.length() : USUAL_BYTES;
    }
    return with(
        length,
        (statement, index) ->
            statement.setArray(index, statement.getConnection().createArrayOf(type, values)));
  }

  /// Runs a statement that changes rows.
  ///
  /// @return how many rows changed
  public int update() throws SQLException {
    var count = new int[1];
    session.add(this, false, statement -> count[0] = statement.getUpdateCount());
    session.send();
    return count[0];
  }

  /// Has a statement that changes rows run with the session's next message: before whatever is run
  /// next, and before the commit.
  public void later() {
    session.add(this, false, _ -> {});
  }

  /// The first row.
  public <T> Optional<T> one(Row.Reading<T> reading) throws SQLException {
    var found = new ArrayList<T>(1);
    session.add(
        this,
        true,
        statement -> {
          try (var result = statement.getResultSet()) {
            var row = new Row(result);
            if (row.next()) {
              found.add(reading.read(row));
            }
          }
        });
    session.send();
    return found.stream().findFirst();
  }

  /// All rows; the statement bounds them.
  public <T> List<T> all(Row.Reading<T> reading) throws SQLException {
    var found = new ArrayList<T>();
    later(reading, found::add);
    session.send();
    return found;
  }

  /// Has all rows read with the session's next message.
  ///
  /// @param each told of each row, in order
  public <T> void later(Row.Reading<T> reading, Consumer<T> each) {
    session.add(
        this,
        true,
        statement -> {
          try (var result = statement.getResultSet()) {
            var row = new Row(result);
            while (row.next()) {
              each.accept(reading.read(row));
            }
          }
        });
  }
}
