package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.store.postgres.Ground;
import dev.carillon.gateway.store.postgres.batch.Act;
import dev.carillon.gateway.store.postgres.batch.Batch;
import dev.carillon.gateway.store.postgres.batch.EndpointRows;
import dev.carillon.gateway.store.postgres.sql.Row;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/// Drops what waited for a deleted endpoint, whoever owns it, a page in each transaction, as it may
/// be a million. The endpoint's row goes last, so that any node finds what is left to do.
record Dropping(Ground ground) {
  private static final int PAGE = 1_000;

  private static final String TAKE =
      "WITH RECURSIVE owners AS ("
          + "(SELECT owner FROM delivery_due ORDER BY owner LIMIT 1)"
          + " UNION ALL SELECT (SELECT due.owner FROM delivery_due AS due"
          + " WHERE due.owner > owners.owner ORDER BY due.owner LIMIT 1)"
          + " FROM owners WHERE owners.owner IS NOT NULL)"
          + " DELETE FROM delivery_due WHERE application_id = ? AND delivery_id IN"
          + " (SELECT part.delivery_id FROM owners CROSS JOIN LATERAL"
          + " (SELECT due.delivery_id FROM delivery_due AS due WHERE due.owner = owners.owner"
          + " AND due.application_id = ? AND due.destination = ? LIMIT ?) AS part LIMIT ?)"
          + " RETURNING delivery_id";
  private static final String TAKE_SOME =
      "DELETE FROM delivery_due WHERE application_id = ? AND delivery_id = ANY (?)"
          + " RETURNING delivery_id";
  private static final String DROP =
      "WITH dropped AS (UPDATE delivery SET state = 5 WHERE application_id = ? AND id = ANY (?)"
          + " AND state = 0 RETURNING application_id, id)"
          + " INSERT INTO delivery_failed (application_id, state, delivery_id)"
          + " SELECT application_id, 5, id FROM dropped ON CONFLICT DO NOTHING";

  /// Drops all of a deleted endpoint.
  void drop(Destination deleted) {
    int dropped;
    do {
      dropped = ground.writer().run(new Act<>(batch -> page(batch, deleted)));
    } while (dropped == PAGE);
  }

  private static int page(Batch batch, Destination deleted) throws SQLException {
    UUID application = deleted.application().value();
    List<UUID> taken =
        batch
            .sql(TAKE)
            .put(application)
            .put(application)
            .put(deleted.key())
            .put(PAGE)
            .put(PAGE)
            .all(Row::uuid);
    batch.sql(DROP).put(application).putIds(taken).update();
    if (taken.size() < PAGE) {
      EndpointRows.forget(batch.session(), deleted);
    }
    return taken.size();
  }

  /// Drops a few of one queue that nobody can be told of any more.
  void drop(Destination queue, Collection<UUID> orphans) {
    UUID application = queue.application().value();
    ground
        .writer()
        .run(
            new Act<>(batch -> {
              List<UUID> taken =
                  batch.sql(TAKE_SOME).put(application).putIds(orphans).all(Row::uuid);
              return batch.sql(DROP).put(application).putIds(taken).update();
            }));
  }
}
