package dev.carillon.bench.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Fills a database with copies of the ended tasks that stand in it, by statements of its own,
/// since millions of tasks take hours by the API. A copy has all rows of its task but those of
/// deliveries, an id and times of its own, and a place in the feed; the copies' times go evenly up
/// to now. Sums that gateways keep (balances, days of usage) are left as they are.
@SuppressWarnings("InlineFormatString") // statements stand above what runs them
public final class Copies {
  private static final int CHUNK = 100_000;
  private static final int SAMPLE = 200_000;
  private static final int PLACES = 8;

  /// What is copied, and the column that holds the task.
  private static final Map<String, String> TABLES =
      Map.of("task", "id", "event", "task_id", "ledger", "task_id");

  private static final String SEEDS =
      """
      CREATE TEMP TABLE seed AS
      SELECT id, application_id, created_at, row_number() OVER (ORDER BY id) - 1 AS number
      FROM task WHERE state >= 10 AND next_sequence <= 8
      """;

  /// Apart, so that reading them stays cheap while the table grows.
  private static final String OLD =
      "CREATE TEMP TABLE old_%1$s AS SELECT %1$s.* FROM %1$s JOIN seed ON seed.id = %1$s.%2$s";

  /// Ids are UUIDs of version 7. The week is that of the tables' parts.
  private static final String COPIES =
      """
      CREATE TEMP TABLE copy ON COMMIT DROP AS
      SELECT made.number, seed.id AS old_id, seed.application_id, made.at - seed.created_at AS later,
        (lpad(to_hex(made.at), 12, '0') || '7' || substr(made.chance, 1, 3) || '8'
          || substr(made.chance, 4, 15))::uuid AS new_id, made.chance
      FROM (SELECT number, md5('copy' || number) AS chance,
          bounds.low + ((bounds.high - bounds.low) * (number::double precision / %2$d))::bigint AS at
        FROM generate_series(%1$d, %3$d - 1) AS number,
          (SELECT high, greatest(high - 21600000, high / 604800000 * 604800000) AS low
            FROM (SELECT %4$d::bigint AS high) AS now) AS bounds) AS made
      JOIN seed ON seed.number = made.number %% (SELECT count(*) FROM seed)
      """;

  private static final String COLUMNS =
      """
      SELECT column_name FROM information_schema.columns
      WHERE table_schema = current_schema() AND table_name = '%s' ORDER BY ordinal_position
      """;

  private static final String NOW = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";

  private final Connection connection;
  private final int count;

  private Copies(Connection connection, int count) {
    this.connection = connection;
    this.count = count;
  }

  /// Makes so many.
  ///
  /// @param sample takes the ids of an even sample of them
  public static void fill(Database database, int count, Consumer<String> sample)
      throws IOException {
    try (var connection = database.connect()) {
      new Copies(connection, count).run(sample);
    } catch (SQLException failure) {
      throw new IOException("the database was not filled", failure);
    }
  }

  private void run(Consumer<String> sample) throws SQLException {
    connection.setAutoCommit(false);
    execute("SET synchronous_commit = off");
    execute(SEEDS);
    execute("ANALYZE seed");
    for (var table : TABLES.entrySet()) {
      execute(String.format(Locale.ROOT, OLD, table.getKey(), table.getValue()));
      execute("ANALYZE old_" + table.getKey());
    }
    connection.commit();
    long now = Long.parseLong(all(NOW).getFirst());
    long base = Long.parseLong(all("SELECT max(position) FROM head").getFirst());
    var statements = statements(base);
    int step = Math.max(1, count / SAMPLE);
    for (int from = 0; from < count; from += CHUNK) {
      int to = Math.min(count, from + CHUNK);
      execute(String.format(Locale.ROOT, COPIES, from, count, to, now));
      execute("ANALYZE copy");
      for (var statement : statements) {
        execute(statement);
      }
      all("SELECT new_id FROM copy WHERE number % " + step + " = 0").forEach(sample);
      connection.commit();
      if (to % 1_000_000 == 0) {
        System.out.printf(Locale.ROOT, "  %,d tasks copied%n", to);
      }
    }
    execute("UPDATE head SET position = " + (base + (long) count * PLACES + PLACES));
    connection.commit();
    connection.setAutoCommit(true);
    execute("VACUUM (ANALYZE) " + String.join(", ", TABLES.keySet()));
    checkpoint();
  }

  /// So that writing what was filled does not fall into what is measured. Only some users may.
  private void checkpoint() {
    try {
      execute("CHECKPOINT");
    } catch (SQLException _) {
      System.out.println("  this user may not ask for a checkpoint: one may fall into the measure");
    }
  }

  private List<String> statements(long base) throws SQLException {
    var statements = new ArrayList<String>();
    for (var table : TABLES.entrySet()) {
      var columns = all(String.format(Locale.ROOT, COLUMNS, table.getKey()));
      statements.add(
          String.format(
              Locale.ROOT,
              "INSERT INTO %1$s (%2$s) SELECT %3$s FROM copy JOIN old_%1$s AS old"
                  + " ON old.%4$s = copy.old_id AND old.application_id = copy.application_id",
              table.getKey(),
              String.join(", ", columns),
              columns.stream()
                  .map(column -> value(column, table.getValue(), base))
                  .collect(Collectors.joining(", ")),
              table.getValue()));
    }
    return statements;
  }

  /// A column of a copy. Each task has some places in the feed for its events.
  private static String value(String column, String id, long base) {
    if (column.equals(id)) {
      return "copy.new_id";
    }
    return switch (column) {
      case "position" ->
          base
              + " + copy.number * "
              + PLACES
              + " + "
              + (id.equals("id") ? "1" : "least(old.sequence, " + PLACES + ")");
      case "trace_id" -> "copy.chance";
      case "created_at", "finish_by", "start_by", "started_at", "changed_at", "at" ->
          "old." + column + " + copy.later";
      default -> "old." + column;
    };
  }

  private void execute(String statement) throws SQLException {
    try (var statements = connection.createStatement()) {
      statements.execute(statement);
    }
  }

  private List<String> all(String query) throws SQLException {
    try (var statements = connection.createStatement();
        var rows = statements.executeQuery(query)) {
      var all = new ArrayList<String>();
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    }
  }
}
