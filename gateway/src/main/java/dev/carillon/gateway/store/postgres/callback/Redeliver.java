package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Makes deliveries of one application due now, in a new round, and this node their owner. The row
/// among the due ones is written first, as it is what others lock.
record Redeliver(UUID node, ApplicationId application, Instant now) {
  private static final String DUE =
      "INSERT INTO delivery_due AS due (application_id, delivery_id, next_at, owner, attempts,"
          + " destination) SELECT application_id, id, ?, ?, attempts, destination FROM delivery"
          + " WHERE application_id = ? AND id = ANY (?)"
          + " AND (endpoint_id IS NULL OR EXISTS (SELECT 1 FROM webhook_endpoint AS endpoint"
          + " WHERE endpoint.application_id = delivery.application_id"
          + " AND endpoint.id = delivery.endpoint_id AND endpoint.standing < 4)) ORDER BY id"
          + " ON CONFLICT (application_id, delivery_id) DO UPDATE SET next_at = excluded.next_at,"
          + " owner = excluded.owner RETURNING delivery_id, destination";
  private static final String KEEP_SUCCESS =
      "INSERT INTO attempt (application_id, delivery_id, number, started_at, took_ms, status, next,"
          + " counted, excerpt) SELECT application_id, id, attempts, last_started_at, last_took_ms,"
          + " last_status, 1, false, last_excerpt FROM delivery"
          + " WHERE application_id = ? AND id = ANY (?) AND state = 1 ON CONFLICT DO NOTHING";
  private static final String AGAIN =
      "UPDATE delivery SET state = 0, failures = 0, since = ?, next_at = ?, changed_at = ?,"
          + " copy = copy + ? WHERE application_id = ? AND id = ANY (?)";

  private static final String UNLIST =
      "DELETE FROM delivery_failed WHERE application_id = ? AND delivery_id = ANY (?)";

  /// An attempt may have been stored since the rows were read.
  private static final String COUNT =
      "UPDATE delivery_due AS due SET attempts = delivery.attempts FROM delivery"
          + " WHERE due.application_id = ? AND due.delivery_id = ANY (?)"
          + " AND delivery.id = due.delivery_id"
          + " AND delivery.application_id = due.application_id"
          + " AND due.attempts <> delivery.attempts";

  /// Makes them due.
  ///
  /// @param newId sends them under new ids
  /// @return those that are there, and whose endpoints are
  Sent run(Session session, List<UUID> deliveries, boolean newId) throws SQLException {
    var destinations = new HashSet<Destination>();
    var found = new ArrayList<UUID>();
    session
        .sql(DUE)
        .put(now)
        .put(node)
        .put(application.value())
        .putIds(deliveries)
        .all(row -> {
          found.add(row.uuid());
          return destinations.add(new Destination(application, row.text()));
        });
    if (!found.isEmpty()) {
      UUID id = application.value();
      session.sql(KEEP_SUCCESS).put(id).putIds(found).update();
      session
          .sql(AGAIN)
          .put(now)
          .put(now)
          .put(now)
          .put(newId ? 1 : 0)
          .put(id)
          .putIds(found)
          .update();
      session.sql(UNLIST).put(id).putIds(found).update();
      session.sql(COUNT).put(id).putIds(found).update();
    }
    return new Sent(found.size(), destinations);
  }

  /// @param due the queues they stand in
  record Sent(int count, Set<Destination> due) {}
}
