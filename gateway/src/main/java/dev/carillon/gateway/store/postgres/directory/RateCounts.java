package dev.carillon.gateway.store.postgres.directory;

import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// How many calls each node counted: totals that only grow, of which every node remembers what it
/// has seen. Of one thread at a time.
final class RateCounts {
  private static final String TELL =
      "INSERT INTO rate_count AS known (key, node, total, latest, at)"
          + " SELECT key, ?, counted, counted, clock_timestamp()"
          + " FROM unnest(?::text[], ?::bigint[]) AS told (key, counted) ORDER BY key"
          + " ON CONFLICT (key, node) DO UPDATE SET total = known.total + excluded.total,"
          + " latest = excluded.latest, at = excluded.at";
  private static final String HEAR =
      "SELECT key, node, total, latest FROM rate_count"
          + " WHERE node <> ? AND at > clock_timestamp() - interval '10 seconds'";
  private static final String FORGET =
      "DELETE FROM rate_count WHERE at < clock_timestamp() - interval '1 minute'";
  private static final int ROUNDS_BETWEEN_FORGETTING = 60;

  private final UUID node;
  private Map<Of, Long> seen = new HashMap<>();
  private int rounds;

  RateCounts(UUID node) {
    this.node = node;
  }

  Map<String, Long> share(Session session, Map<String, Long> counted) throws SQLException {
    if (!counted.isEmpty()) {
      List<Map.Entry<String, Long>> told = List.copyOf(counted.entrySet());
      session
          .sql(TELL)
          .put(node)
          .texts(told, Map.Entry::getKey)
          .numbers(told, Map.Entry::getValue)
          .update();
    }
    rounds++;
    if (rounds % ROUNDS_BETWEEN_FORGETTING == 0) {
      session.sql(FORGET).update();
    }
    var others = new HashMap<String, Long>();
    var now = new HashMap<Of, Long>();
    for (Heard heard : session.sql(HEAR).put(node).all(Heard::read)) {
      Long before = seen.get(heard.of);
      // Of a count that is new to this node only the newest part is of now.
      long more = before == null || before > heard.total ? heard.latest : heard.total - before;
      now.put(heard.of, heard.total);
      if (more > 0) {
        others.merge(heard.of.key, more, Long::sum);
      }
    }
    seen = now;
    return others;
  }

  private record Of(String key, UUID node) {}

  private record Heard(Of of, long total, long latest) {
    private static Heard read(Row row) throws SQLException {
      return new Heard(new Of(row.text(), row.uuid()), row.number(), row.number());
    }
  }
}
