package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.store.postgres.batch.Act;
import dev.carillon.gateway.store.postgres.batch.Batch;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Takes over deliveries of nodes whose lease has passed, a part in each transaction. Several nodes
/// share what there is.
final class TakeOver {
  static final int PART = 500;

  /// The owners of anything, one step of the index for each, that do not live.
  private static final String DEAD =
      "WITH RECURSIVE owners AS ("
          + "(SELECT owner FROM delivery_due ORDER BY owner LIMIT 1)"
          + " UNION ALL SELECT (SELECT due.owner FROM delivery_due AS due"
          + " WHERE due.owner > owners.owner ORDER BY due.owner LIMIT 1)"
          + " FROM owners WHERE owners.owner IS NOT NULL)"
          + " SELECT owner FROM owners WHERE owner IS NOT NULL AND owner <> ?"
          + " AND NOT EXISTS (SELECT 1 FROM node WHERE node.id = owner"
          + " AND node.lease_until > clock_timestamp())";

  private static final String TAKE =
      "UPDATE delivery_due SET owner = ? FROM (SELECT application_id, delivery_id FROM delivery_due"
          + " WHERE owner = ? LIMIT ? FOR UPDATE SKIP LOCKED) AS left_over"
          + " WHERE delivery_due.application_id = left_over.application_id"
          + " AND delivery_due.delivery_id = left_over.delivery_id"
          + " RETURNING delivery_due.application_id, delivery_due.destination, delivery_due.next_at";

  private TakeOver() {}

  /// The nodes that own deliveries and do not live, but for this one.
  static List<UUID> dead(Session session, UUID node) throws SQLException {
    return session.sql(DEAD).put(node).all(Row::uuid);
  }

  /// Takes a part over.
  static Act<Taken> of(UUID node, UUID dead) {
    return new Act<>(batch -> take(batch, node, dead));
  }

  private static Taken take(Batch batch, UUID node, UUID dead) throws SQLException {
    var due = new HashMap<Destination, Long>();
    List<Long> taken =
        batch
            .sql(TAKE)
            .put(node)
            .put(dead)
            .put(PART)
            .all(row -> {
              var destination = new Destination(new ApplicationId(row.uuid()), row.text());
              long at = row.number();
              due.merge(destination, at, Math::min);
              return at;
            });
    return new Taken(taken.size(), due);
  }

  /// What was taken over.
  ///
  /// @param due when the first of each destination's is due
  record Taken(int count, Map<Destination, Long> due) {}
}
