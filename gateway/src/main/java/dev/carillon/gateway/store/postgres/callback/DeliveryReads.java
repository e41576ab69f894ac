package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.Delivery;
import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.DeliveryState;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.store.DeliveryStore.DeliveryQuery;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import dev.carillon.gateway.store.postgres.sql.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads deliveries and attempts as they are shown.
final class DeliveryReads {
  private static final int MOST_ATTEMPTS = 1_000;

  private static final String COLUMNS =
      "delivery.id, delivery.application_id, delivery.destination, endpoint_id, delivery.state,"
          + " delivery.attempts, delivery.next_at,"
          + " created_at, changed_at, last_started_at, last_took_ms, last_status, last_failure,"
          + " last_excerpt, delivery.task_id, delivery.sequence, coalesce(event.position, 0), event.type,"
          + " coalesce(event.at, delivery.created_at), coalesce(event.progress, 0)";
  private static final String WITH_EVENT =
      " LEFT JOIN event"
          + " ON event.task_id = delivery.task_id"
          + " AND event.application_id = delivery.application_id"
          + " AND event.sequence = delivery.sequence";
  private static final String SELECT = "SELECT " + COLUMNS + " FROM delivery" + WITH_EVENT;
  private static final String ONE =
      SELECT + " WHERE delivery.application_id = ? AND delivery.id = ?";
  private static final String ATTEMPTS =
      "SELECT number, started_at, took_ms, status, failure, excerpt, next, next_at, counted"
          + " FROM attempt WHERE delivery_id = ? AND application_id = ? ORDER BY number LIMIT ?";

  private DeliveryReads() {}

  static Optional<Delivery> one(Session session, DeliveryId id, ApplicationId application)
      throws SQLException {
    return session.sql(ONE).put(application.value()).put(id.value()).one(DeliveryReads::read);
  }

  static List<Delivery.Attempt> attempts(Session session, Delivery delivery) throws SQLException {
    var all =
        new ArrayList<Delivery.Attempt>(
            session
                .sql(ATTEMPTS)
                .put(delivery.id().value())
                .put(delivery.event().application().value())
                .put(MOST_ATTEMPTS)
                .all(DeliveryReads::attempt));
    delivery
        .last()
        .filter(last -> all.isEmpty() || all.getLast().number() < last.number())
        .ifPresent(all::add);
    return all;
  }

  static List<Delivery> page(Session session, DeliveryQuery query) throws SQLException {
    return put(session.sql(page(query)), query).put(query.limit()).all(DeliveryReads::read);
  }

  static List<DeliveryId> ids(Session session, DeliveryQuery query) throws SQLException {
    String text =
        "SELECT "
            + id(query)
            + from(query)
            + (query.type().isPresent() ? WITH_EVENT : "")
            + where(query)
            + " ORDER BY "
            + id(query)
            + " DESC LIMIT ?";
    return put(session.sql(text), query).put(query.limit()).all(row -> new DeliveryId(row.uuid()));
  }

  static String page(DeliveryQuery query) {
    return "SELECT "
        + COLUMNS
        + from(query)
        + WITH_EVENT
        + where(query)
        + " ORDER BY "
        + id(query)
        + " DESC LIMIT ?";
  }

  /// Those that are pending or did not arrive stand in small tables of their own. Most of the rest
  /// is delivered, so a page of it is found soon by walking from the newest on.
  private static String from(DeliveryQuery query) {
    if (!isListed(query)) {
      return " FROM delivery";
    }
    String list = query.state().equals(Optional.of(DeliveryState.PENDING)) ? "due" : "failed";
    return " FROM delivery_"
        + list
        + " AS listed JOIN delivery ON delivery.id = listed.delivery_id"
        + " AND delivery.application_id = listed.application_id";
  }

  private static boolean isListed(DeliveryQuery query) {
    return query.task().isEmpty()
        && query.endpoint().isEmpty()
        && query.state().filter(state -> state != DeliveryState.DELIVERED).isPresent();
  }

  private static String id(DeliveryQuery query) {
    return isListed(query) ? "listed.delivery_id" : "delivery.id";
  }

  static int count(Session session, DeliveryQuery query) throws SQLException {
    String text = "SELECT count(*)" + from(query) + WITH_EVENT + where(query);
    return put(session.sql(text), query).one(Row::integer).orElse(0);
  }

  /// The filters; [#put] gives their parameters in the same order.
  private static String where(DeliveryQuery query) {
    String id = id(query);
    var where =
        new StringBuilder(" WHERE ")
            .append(isListed(query) ? "listed" : "delivery")
            .append(".application_id = ?");
    query.task().ifPresent(_ -> where.append(" AND delivery.task_id = ?"));
    query.endpoint().ifPresent(_ -> where.append(" AND endpoint_id = ?"));
    query.state().ifPresent(state -> where.append(ofState(query, state)));
    query.type().ifPresent(_ -> where.append(" AND event.type = ?"));
    query.createdMin().ifPresent(_ -> where.append(" AND ").append(id).append(" >= ?"));
    query.createdMax().ifPresent(_ -> where.append(" AND ").append(id).append(" < ?"));
    query.before().ifPresent(_ -> where.append(" AND ").append(id).append(" < ?"));
    return where.toString();
  }

  /// All among the due ones are pending. What is listed as failed is asked for its own state, too:
  /// a row that was left there tells nothing of a delivery that arrived since.
  private static String ofState(DeliveryQuery query, DeliveryState state) {
    int code = DeliveryCodes.code(state);
    String own = " AND delivery.state = " + code;
    boolean twice = isListed(query) && state != DeliveryState.PENDING;
    return twice ? " AND listed.state = " + code + own : own;
  }

  private static Sql put(Sql sql, DeliveryQuery query) throws SQLException {
    sql.put(query.application().value());
    if (query.task().isPresent()) {
      sql.put(query.task().get().value());
    }
    if (query.endpoint().isPresent()) {
      sql.put(query.endpoint().get().value());
    }
    if (query.type().isPresent()) {
      sql.put(query.type().get().wire());
    }
    if (query.createdMin().isPresent()) {
      sql.put(Ids.floorOf(query.createdMin().get()));
    }
    if (query.createdMax().isPresent()) {
      sql.put(Ids.floorOf(query.createdMax().get()));
    }
    if (query.before().isPresent()) {
      sql.put(query.before().get().value());
    }
    return sql;
  }

  private static Delivery read(Row row) throws SQLException {
    var id = new DeliveryId(row.uuid());
    var application = new ApplicationId(row.uuid());
    var destination = new Destination(application, row.text());
    Optional<EndpointId> endpoint = row.maybeUuid().map(EndpointId::new);
    int state = row.integer();
    int attempts = row.integer();
    Instant nextAt = row.time();
    Instant createdAt = row.time();
    Instant changedAt = row.time();
    Optional<Delivery.Attempt> last = last(row, state, attempts, nextAt);
    return new Delivery(
        id,
        destination,
        endpoint,
        event(row, application),
        DeliveryCodes.state(state),
        attempts,
        state == DeliveryCodes.PENDING ? Optional.of(nextAt) : Optional.empty(),
        createdAt,
        changedAt,
        last);
  }

  private static Optional<Delivery.Attempt> last(Row row, int state, int attempts, Instant nextAt)
      throws SQLException {
    Instant startedAt = row.time();
    var took = Duration.ofMillis(row.number());
    int status = row.integer();
    Optional<String> failure = row.maybeText();
    String excerpt = row.maybeText().orElse("");
    if (attempts == 0) {
      return Optional.empty();
    }
    Next next =
        next(state == DeliveryCodes.DROPPED ? DeliveryCodes.EXHAUSTED : state, nextAt, true);
    return Optional.of(
        new Delivery.Attempt(
            attempts, new Receipt(startedAt, took, status, failure, excerpt, next)));
  }

  private static Event event(Row row, ApplicationId application) throws SQLException {
    var task = new TaskId(row.uuid());
    int sequence = row.integer();
    long position = row.number();
    EventType type = row.maybeText().map(EventType::ofWire).orElse(EventType.TASK_ACCEPTED);
    return new Event(position, task, application, sequence, type, row.time(), row.integer());
  }

  private static Delivery.Attempt attempt(Row row) throws SQLException {
    int number = row.integer();
    Instant startedAt = row.time();
    var took = Duration.ofMillis(row.number());
    int status = row.integer();
    Optional<String> failure = row.maybeText();
    String excerpt = row.maybeText().orElse("");
    int next = row.integer();
    Instant retryAt = row.time();
    return new Delivery.Attempt(
        number,
        new Receipt(startedAt, took, status, failure, excerpt, next(next, retryAt, row.flag())));
  }

  private static Next next(int code, Instant retryAt, boolean counted) {
    return switch (code) {
      case DeliveryCodes.PENDING -> new Next.Retry(retryAt, counted);
      case DeliveryCodes.DELIVERED -> new Next.Delivered();
      case DeliveryCodes.EXHAUSTED -> new Next.Exhausted();
      case DeliveryCodes.BLOCKED -> new Next.Blocked();
      case DeliveryCodes.GONE -> new Next.Gone();
      default -> throw new IllegalStateException("nothing that follows has the code " + code);
    };
  }
}
