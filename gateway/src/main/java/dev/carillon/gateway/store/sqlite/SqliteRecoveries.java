package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.Recovery;
import dev.carillon.gateway.domain.callback.RecoveryId;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.store.RecoveryStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The verbs of sending again what endpoints missed.
final class SqliteRecoveries implements RecoveryStore {
  /// Few enough that the writer is soon free for others.
  private static final int PAGE = 100;

  private static final String COLUMNS =
      "SELECT id, application_id, endpoint_id, since, position, count, created_at, ended_at, until"
          + " FROM recovery";
  private static final String ONE = COLUMNS + " WHERE id = ? AND application_id = ?";
  private static final String DUE =
      COLUMNS + " INDEXED BY recovery_due WHERE due_at <= ? ORDER BY due_at LIMIT ?";
  private static final String OPEN =
      "SELECT count(*) FROM recovery WHERE application_id = ? AND due_at IS NOT NULL";
  private static final String INSERT =
      "INSERT INTO recovery (id, application_id, endpoint_id, since, position, until, count,"
          + " created_at, due_at) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT DO NOTHING";
  private static final String UPDATE =
      "UPDATE recovery SET position = ?, count = count + ?, due_at = ?, ended_at = ? WHERE id = ?";
  private static final String PUT_OFF =
      "UPDATE recovery SET due_at = ? WHERE id = ? AND due_at IS NOT NULL";
  private static final String FORGET =
      "DELETE FROM recovery WHERE id IN (SELECT id FROM recovery WHERE ended_at < ? LIMIT ?)";

  private final Memory memory;
  private final Writer writer;
  private final Readers readers;
  private final InstantSource clock;
  private final FanOut fanOut;

  SqliteRecoveries(
      Memory memory, Writer writer, Readers readers, InstantSource clock, FanOut fanOut) {
    this.memory = memory;
    this.writer = writer;
    this.readers = readers;
    this.clock = clock;
    this.fanOut = fanOut;
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

  private Optional<WebhookEndpoint> endpoint(EndpointId id, ApplicationId application) {
    return readers
        .shortly(session -> EndpointRows.byId(session, id))
        .filter(found -> found.application().equals(application));
  }

  @Override
  public Optional<Recovery> begin(Wanted wanted, int most) {
    ApplicationId application = wanted.application();
    if (endpoint(wanted.endpoint(), application).isEmpty()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    long from = readers.atLength(session -> FeedRows.before(session, application, wanted.since()));
    long until = readers.atLength(session -> FeedRows.last(session, application));
    return writer.run(
        new Act<>(transaction -> {
          int open = transaction.sql(OPEN).put(application.value()).one(Row::integer).orElse(0);
          if (open < most) {
            transaction
                .sql(INSERT)
                .put(wanted.id().value())
                .put(application.value())
                .put(wanted.endpoint().value())
                .put(wanted.since())
                .put(from)
                .put(until)
                .put(now)
                .put(now)
                .update();
          }
          return line(transaction.session(), wanted.id(), application).map(Line::recovery);
        }));
  }

  @Override
  public Recovery goOn(Recovery before, Duration hold) {
    Instant now = clock.instant();
    var gone = ended(before, now);
    Optional<Line> line =
        readers.shortly(session -> line(session, before.id(), before.application()));
    if (line.isEmpty() || line.get().recovery.isDone()) {
      return line.map(Line::recovery).orElse(gone);
    }
    List<Event> events =
        readers
            .atLength(session ->
                FeedRows.events(
                    session, before.application(), line.get().recovery.position(), PAGE))
            .stream()
            .filter(event -> event.position() <= line.get().until)
            .toList();
    Optional<WebhookEndpoint> endpoint = endpoint(before.endpoint(), before.application());
    return writer.run(new Page(line.get(), endpoint, events, now, hold)).orElse(gone);
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

  /// Sends what was missed of a few events, and notes how far it is with that.
  private final class Page extends Verb<Optional<Recovery>> {
    private final Line before;
    private final Optional<Recover> some;
    private final List<Event> events;
    private final Instant now;
    private final Duration hold;
    private int sent;

    private Page(
        Line before,
        Optional<WebhookEndpoint> endpoint,
        List<Event> events,
        Instant now,
        Duration hold) {
      this.before = before;
      this.some = endpoint.map(to -> new Recover(memory, fanOut, to, events, now));
      this.events = events;
      this.now = now;
      this.hold = hold;
    }

    @Override
    Optional<Recovery> run(Transaction transaction) throws SQLException {
      sent = 0;
      Recovery known = before.recovery;
      Session session = transaction.session();
      Optional<Line> current = line(session, known.id(), known.application());
      if (current.isPresent() && current.get().recovery.equals(known)) {
        sent = some.isPresent() ? some.get().run(transaction) : 0;
        boolean more = some.isPresent() && events.size() == PAGE;
        transaction
            .sql(UPDATE)
            .put(more ? events.getLast().position() : before.until)
            .put(sent)
            .putTime(more ? Optional.of(now.plus(hold)) : Optional.empty())
            .putTime(more ? Optional.empty() : Optional.of(now))
            .put(known.id().value())
            .update();
      }
      return line(session, known.id(), known.application()).map(Line::recovery);
    }

    @Override
    void committed(Optional<Recovery> result) {
      if (sent > 0) {
        some.ifPresent(done -> done.committed(sent));
      }
    }
  }

  @Override
  public void putOff(Recovery recovery, Duration pause) {
    Instant later = clock.instant().plus(pause);
    var _ =
        writer.run(
            new Act<>(transaction ->
                transaction.sql(PUT_OFF).put(later).put(recovery.id().value()).update()));
  }

  @Override
  public Optional<Recovery> recovery(RecoveryId id, ApplicationId application) {
    return readers.shortly(session -> line(session, id, application)).map(Line::recovery);
  }

  @Override
  public List<Recovery> due(int max) {
    return readers
        .shortly(session -> session.sql(DUE).put(clock.instant()).put(max).all(Line::read))
        .stream()
        .map(Line::recovery)
        .toList();
  }

  @Override
  public Optional<Missed> missed(
      EndpointId id, ApplicationId application, Instant since, int most) {
    return endpoint(id, application)
        .map(endpoint -> {
          int missed = 0;
          int looked = 0;
          long after = readers.atLength(session -> FeedRows.before(session, application, since));
          while (looked < most) {
            long from = after;
            List<Event> events =
                readers.atLength(session -> FeedRows.events(session, application, from, PAGE));
            missed += readers.atLength(session -> Recover.missed(session, endpoint, events));
            looked += events.size();
            if (events.size() < PAGE) {
              return new Missed(missed, true);
            }
            after = events.getLast().position();
          }
          return new Missed(missed, false);
        });
  }

  @Override
  public int forget(Instant endedBefore, int max) {
    return writer.run(
        new Act<>(transaction -> transaction.sql(FORGET).put(endedBefore).put(max).update()));
  }
}
