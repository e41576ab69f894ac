package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.gateway.store.postgres.Ground;
import dev.carillon.gateway.store.postgres.batch.Act;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Makes a node's deliveries due sooner that wait for a time of a calendar which was set back.
///
/// It goes along the index, a few at a time. What it moves falls behind it there, so nothing is met
/// twice. What is locked is being written anew by the right calendar.
final class Forward {
  private static final int AT_ONCE = 500;
  private static final Place FIRST = new Place(new UUID(0, 0), "", Long.MIN_VALUE, new UUID(0, 0));

  private static final String SOME =
      "SELECT application_id, destination, next_at, delivery_id FROM delivery_due WHERE owner = ?"
          + " AND (application_id, destination, next_at, delivery_id) > (?, ?, ?, ?)"
          + " AND next_at > ? ORDER BY application_id, destination, next_at, delivery_id LIMIT ?"
          + " FOR UPDATE SKIP LOCKED";
  private static final String MOVE =
      "UPDATE delivery_due SET next_at = greatest(?::bigint, next_at - ?::bigint)"
          + " FROM unnest(?::uuid[], ?::uuid[]) AS v(application, delivery)"
          + " WHERE application_id = v.application AND delivery_id = v.delivery";

  private final Ground ground;
  private final long by;

  Forward(Ground ground, Duration by) {
    this.ground = ground;
    this.by = by.toMillis();
  }

  /// Where a delivery stands in the index.
  private record Place(UUID application, String destination, long at, UUID delivery) {
    private static Place read(Row row) throws SQLException {
      return new Place(row.uuid(), row.text(), row.number(), row.uuid());
    }
  }

  void run() {
    Optional<Place> last = Optional.of(FIRST);
    while (last.isPresent()) {
      Place after = last.get();
      last = ground.writer().run(new Act<>(batch -> some(batch.session(), after)));
    }
  }

  /// @return the last of those it moved; empty when there were none
  private Optional<Place> some(Session session, Place after) throws SQLException {
    long now = ground.clock().millis();
    List<Place> found =
        session
            .sql(SOME)
            .put(ground.node())
            .put(after.application)
            .put(after.destination)
            .put(after.at)
            .put(after.delivery)
            .put(now)
            .put(AT_ONCE)
            .all(Place::read);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    session
        .sql(MOVE)
        .put(now)
        .put(by)
        .ids(found, Place::application)
        .ids(found, Place::delivery)
        .update();
    return Optional.of(found.getLast());
  }
}
