package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.FeedItem;
import dev.carillon.gateway.store.FeedStore;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The verbs of an application's feed.
final class SqliteFeed implements FeedStore {
  private static final String ACKNOWLEDGED =
      "SELECT position FROM consumer WHERE application_id = ? AND name = ?";
  private static final String COUNT =
      "SELECT count(*) FROM consumer WHERE application_id = ? AND name <> ?";
  private static final String ACKNOWLEDGE =
      "INSERT INTO consumer (application_id, name, position, changed_at) VALUES (?, ?, ?, ?)"
          + " ON CONFLICT (application_id, name) DO UPDATE SET position = excluded.position,"
          + " changed_at = excluded.changed_at";
  private static final String CONSUMERS =
      "SELECT name, position, changed_at FROM consumer WHERE application_id = ? ORDER BY name";
  private static final String FORGET = "DELETE FROM consumer WHERE application_id = ? AND name = ?";

  private static final String FORGET_EVENTS =
      "DELETE FROM endpoint_event WHERE (application_id, position) IN (SELECT application_id,"
          + " position FROM endpoint_event WHERE at < ? ORDER BY at LIMIT ?)";

  private final Writer writer;
  private final Readers readers;
  private final Positions positions;
  private final InstantSource clock;

  SqliteFeed(Writer writer, Readers readers, Positions positions, InstantSource clock) {
    this.writer = writer;
    this.readers = readers;
    this.positions = positions;
    this.clock = clock;
  }

  @Override
  public List<FeedItem> feed(ApplicationId application, long after, int max) {
    return readers.atLength(session -> FeedRows.after(session, application, after, max));
  }

  @Override
  public long feedBefore(ApplicationId application, Instant time) {
    return readers.atLength(session -> FeedRows.before(session, application, time));
  }

  @Override
  public long feedEnd(ApplicationId application) {
    long latest = positions.latest();
    return latest > 0 ? latest : readers.shortly(FeedRows::reserved);
  }

  @Override
  public Optional<Long> acknowledged(ApplicationId application, String consumer) {
    return readers.shortly(session ->
        session.sql(ACKNOWLEDGED).put(application.value()).put(consumer).one(Row::number));
  }

  @Override
  public boolean acknowledge(ApplicationId application, String consumer, long position, int most) {
    return writer.run(
        new Change(transaction -> {
          int others =
              transaction
                  .sql(COUNT)
                  .put(application.value())
                  .put(consumer)
                  .one(Row::integer)
                  .orElse(0);
          return others < most
              && transaction
                      .sql(ACKNOWLEDGE)
                      .put(application.value())
                      .put(consumer)
                      .put(position)
                      .put(clock.instant())
                      .update()
                  > 0;
        }));
  }

  @Override
  public List<Consumer> consumers(ApplicationId application) {
    return readers.atLength(session ->
        session
            .sql(CONSUMERS)
            .put(application.value())
            .all(row -> new Consumer(row.text(), row.number(), row.time())));
  }

  @Override
  public boolean forgetConsumer(ApplicationId application, String consumer) {
    return writer.run(
        new Change(transaction ->
            transaction.sql(FORGET).put(application.value()).put(consumer).update() > 0));
  }

  @Override
  public int forgetEndpointEvents(Instant before, int max) {
    return writer.run(
        new Act<>(transaction -> transaction.sql(FORGET_EVENTS).put(before).put(max).update()));
  }

  /// A small act of few words.
  private static final class Change extends Verb<Boolean> {
    private final Words words;

    private Change(Words words) {
      this.words = words;
    }

    @Override
    Boolean run(Transaction transaction) throws SQLException {
      return words.run(transaction);
    }

    @FunctionalInterface
    private interface Words {
      boolean run(Transaction transaction) throws SQLException;
    }
  }
}
