package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.Recovery;
import dev.carillon.gateway.domain.callback.RecoveryId;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.store.RecoveryStore;
import dev.carillon.gateway.store.postgres.Ground;
import dev.carillon.gateway.store.postgres.batch.Act;
import dev.carillon.gateway.store.postgres.batch.Batch;
import dev.carillon.gateway.store.postgres.batch.EndpointRows;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import dev.carillon.gateway.store.queue.Dispatches;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The verbs of sending again what endpoints missed. All that writes holds the application's head.
public final class PostgresRecoveries implements RecoveryStore {
  private static final int PAGE = 200;
  private static final String COLUMNS =
      "SELECT id, application_id, endpoint_id, since, position, count, created_at, ended_at, until"
          + " FROM recovery";
  private static final String ONE = COLUMNS + " WHERE id = ? AND application_id = ?";
  private static final String DUE = COLUMNS + " WHERE due_at <= ? ORDER BY due_at LIMIT ?";
  private static final String INSERT =
      "INSERT INTO recovery (id, application_id, endpoint_id, since, position, until, count,"
          + " created_at, due_at) SELECT ?, ?, ?, ?, ?, ?, 0, ?, ?"
          + " WHERE (SELECT count(*) FROM recovery WHERE application_id = ? AND due_at IS NOT NULL)"
          + " < ? ON CONFLICT DO NOTHING";
  private static final String UPDATE =
      "UPDATE recovery SET position = ?, count = count + ?, due_at = ?, ended_at = ?"
          + " WHERE id = ? AND application_id = ?";
  private static final String PUT_OFF =
      "UPDATE recovery SET due_at = ? WHERE id = ? AND application_id = ? AND due_at IS NOT NULL";
  private static final String FORGET =
      "DELETE FROM recovery WHERE (application_id, id) IN"
          + " (SELECT application_id, id FROM recovery WHERE ended_at < ? LIMIT ?)";

  private final Ground ground;
  private final Dispatches dispatches;

  public PostgresRecoveries(Ground ground, Dispatches dispatches) {
    this.ground = ground;
    this.dispatches = dispatches;
  }

  private record Line(Recovery recovery, long until) {
    private static Line read(Row row) throws SQLException {
      var recovery =
          new Recovery(
              new RecoveryId(row.uuid()),
              new ApplicationId(row.uuid()),
              new EndpointId(row.uuid()),
              row.time(),
              row.number(),
              row.integer(),
              row.time(),
              row.maybeTime());
      return new Line(recovery, row.number());
    }
  }

  private static Optional<Line> line(Session session, RecoveryId id, ApplicationId application)
      throws SQLException {
    return session.sql(ONE).put(id.value()).put(application.value()).one(Line::read);
  }

  @Override
  public Optional<Recovery> begin(Wanted wanted, int most) {
    Instant now = ground.clock().instant();
    ApplicationId application = wanted.application();
    // Searched for before, as nobody of the application commits while its head is held.
    long from =
        ground.database().read(session -> FeedRows.before(session, application, wanted.since()));
    return ground
        .writer()
        .run(
            new Act<>(
                needs -> needs.head(application),
                batch -> begin(batch.session(), new Beginning(wanted, from, now), most),
                _ -> {}));
  }

  /// @param from the place that it begins after
  private record Beginning(Wanted wanted, long from, Instant now) {}

  private static Optional<Recovery> begin(Session session, Beginning beginning, int most)
      throws SQLException {
    Wanted wanted = beginning.wanted;
    Instant now = beginning.now;
    ApplicationId application = wanted.application();
    if (EndpointRows.find(session, wanted.endpoint(), application).isEmpty()) {
      return Optional.empty();
    }
    session
        .sql(INSERT)
        .put(wanted.id().value())
        .put(application.value())
        .put(wanted.endpoint().value())
        .put(wanted.since())
        .put(beginning.from)
        .put(FeedRows.end(session, application))
        .put(now)
        .put(now)
        .put(application.value())
        .put(most)
        .update();
    return line(session, wanted.id(), application).map(Line::recovery);
  }

  @Override
  public Recovery goOn(Recovery before, Duration hold) {
    Instant now = ground.clock().instant();
    Done done =
        ground
            .writer()
            .run(
                new Act<>(
                    needs -> needs.head(before.application()),
                    batch -> page(batch, before, now, hold),
                    page ->
                        page.to.ifPresent(
                            to -> dispatches.due(to.destination(), now.toEpochMilli(), 0))));
    return done.now;
  }

  /// @param to whom something was sent
  private record Done(Recovery now, Optional<WebhookEndpoint> to) {}

  private Done page(Batch batch, Recovery before, Instant now, Duration hold) throws SQLException {
    Session session = batch.session();
    Optional<Line> current = line(session, before.id(), before.application());
    if (current.isEmpty() || !current.get().recovery.equals(before)) {
      return new Done(current.map(Line::recovery).orElse(ended(before, now)), Optional.empty());
    }
    long until = current.get().until;
    Optional<WebhookEndpoint> endpoint =
        EndpointRows.find(session, before.endpoint(), before.application());
    List<Event> events =
        FeedRows.events(session, before.application(), before.position(), PAGE).stream()
            .filter(event -> event.position() <= until)
            .toList();
    int sent =
        endpoint.isPresent() && !events.isEmpty()
            ? new Recover(ground.node(), endpoint.get(), events, now).run(batch)
            : 0;
    boolean more = endpoint.isPresent() && events.size() == PAGE;
    session
        .sql(UPDATE)
        .put(more ? events.getLast().position() : until)
        .put(sent)
        .putTime(more ? Optional.of(now.plus(hold)) : Optional.empty())
        .putTime(more ? Optional.empty() : Optional.of(now))
        .put(before.id().value())
        .put(before.application().value())
        .update();
    Recovery after =
        line(session, before.id(), before.application())
            .map(Line::recovery)
            .orElse(ended(before, now));
    return new Done(after, endpoint.filter(_ -> sent > 0));
  }

  private static Recovery ended(Recovery gone, Instant now) {
    return new Recovery(
        gone.id(),
        gone.application(),
        gone.endpoint(),
        gone.since(),
        gone.position(),
        gone.count(),
        gone.createdAt(),
        Optional.of(now));
  }

  @Override
  public void putOff(Recovery recovery, Duration pause) {
    Instant later = ground.clock().instant().plus(pause);
    var _ =
        ground
            .writer()
            .run(
                new Act<>(batch ->
                    batch
                        .sql(PUT_OFF)
                        .put(later)
                        .put(recovery.id().value())
                        .put(recovery.application().value())
                        .update()));
  }

  @Override
  public Optional<Recovery> recovery(RecoveryId id, ApplicationId application) {
    return ground.database().read(session -> line(session, id, application)).map(Line::recovery);
  }

  @Override
  public List<Recovery> due(int max) {
    Instant now = ground.clock().instant();
    return ground
        .database()
        .read(session -> session.sql(DUE).put(now).put(max).all(Line::read))
        .stream()
        .map(Line::recovery)
        .toList();
  }

  @Override
  public Optional<Missed> missed(
      EndpointId id, ApplicationId application, Instant since, int most) {
    return ground
        .database()
        .read(session -> EndpointRows.find(session, id, application))
        .map(endpoint -> missed(endpoint, since, most));
  }

  private Missed missed(WebhookEndpoint endpoint, Instant since, int most) {
    ApplicationId application = endpoint.application();
    int missed = 0;
    int looked = 0;
    long after = ground.database().read(session -> FeedRows.before(session, application, since));
    while (looked < most) {
      long from = after;
      List<Event> events =
          ground.database().read(session -> FeedRows.events(session, application, from, PAGE));
      var some = new Recover(ground.node(), endpoint, events, since);
      missed += events.isEmpty() ? 0 : ground.database().read(some::missed);
      looked += events.size();
      if (events.size() < PAGE) {
        return new Missed(missed, true);
      }
      after = events.getLast().position();
    }
    return new Missed(missed, false);
  }

  @Override
  public int forget(Instant endedBefore, int max) {
    return ground
        .writer()
        .run(new Act<>(batch -> batch.sql(FORGET).put(endedBefore).put(max).update()));
  }
}
