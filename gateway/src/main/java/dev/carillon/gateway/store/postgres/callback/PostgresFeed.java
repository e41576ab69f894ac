package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.FeedItem;
import dev.carillon.gateway.store.FeedStore;
import dev.carillon.gateway.store.postgres.Ground;
import dev.carillon.gateway.store.postgres.batch.Act;
import dev.carillon.gateway.store.postgres.sql.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The verbs of an application's feed.
public final class PostgresFeed implements FeedStore {
  private static final String ACKNOWLEDGED =
      "SELECT position FROM consumer WHERE application_id = ? AND name = ?";
  private static final String ACKNOWLEDGE =
      "INSERT INTO consumer (application_id, name, position, changed_at) SELECT ?, ?, ?, ?"
          + " WHERE (SELECT count(*) FROM consumer WHERE application_id = ? AND name <> ?) < ?"
          + " ON CONFLICT (application_id, name) DO UPDATE SET position = excluded.position,"
          + " changed_at = excluded.changed_at";
  private static final String CONSUMERS =
      "SELECT name, position, changed_at FROM consumer WHERE application_id = ? ORDER BY name";
  private static final String FORGET = "DELETE FROM consumer WHERE application_id = ? AND name = ?";

  private static final String FORGET_EVENTS =
      "DELETE FROM endpoint_event WHERE (application_id, position) IN (SELECT application_id,"
          + " position FROM endpoint_event WHERE at < ? ORDER BY at LIMIT ?)";

  private final Ground ground;

  public PostgresFeed(Ground ground) {
    this.ground = ground;
  }

  @Override
  public List<FeedItem> feed(ApplicationId application, long after, int max) {
    return ground.database().read(session -> FeedRows.after(session, application, after, max));
  }

  @Override
  public long feedBefore(ApplicationId application, Instant time) {
    return ground.database().read(session -> FeedRows.before(session, application, time));
  }

  @Override
  public long feedEnd(ApplicationId application) {
    return ground.database().read(session -> FeedRows.end(session, application));
  }

  @Override
  public Optional<Long> acknowledged(ApplicationId application, String consumer) {
    return ground
        .database()
        .read(session ->
            session.sql(ACKNOWLEDGED).put(application.value()).put(consumer).one(Row::number));
  }

  /// Under the application's head, so that two nodes together do not make too many.
  @Override
  public boolean acknowledge(ApplicationId application, String consumer, long position, int most) {
    boolean fresh = acknowledged(application, consumer).isEmpty();
    return ground
        .writer()
        .run(
            new Act<>(
                needs -> {
                  if (fresh) {
                    needs.head(application);
                  }
                },
                batch ->
                    batch
                            .sql(ACKNOWLEDGE)
                            .put(application.value())
                            .put(consumer)
                            .put(position)
                            .put(ground.clock().instant())
                            .put(application.value())
                            .put(consumer)
                            .put(most)
                            .update()
                        > 0,
                _ -> {}));
  }

  @Override
  public List<Consumer> consumers(ApplicationId application) {
    return ground
        .database()
        .read(session ->
            session
                .sql(CONSUMERS)
                .put(application.value())
                .all(row -> new Consumer(row.text(), row.number(), row.time())));
  }

  @Override
  public int forgetEndpointEvents(Instant before, int max) {
    return ground
        .writer()
        .run(new Act<>(batch -> batch.sql(FORGET_EVENTS).put(before).put(max).update()));
  }

  @Override
  public boolean forgetConsumer(ApplicationId application, String consumer) {
    return ground
        .writer()
        .run(
            new Act<>(
                batch -> batch.sql(FORGET).put(application.value()).put(consumer).update() > 0));
  }
}
