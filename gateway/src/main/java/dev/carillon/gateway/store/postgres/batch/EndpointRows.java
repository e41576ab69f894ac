package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Health;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Standing;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import dev.carillon.gateway.store.postgres.sql.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// How registered endpoints stand in their table. A deleted one stays, unseen, until what waited
/// for it is dropped.
public final class EndpointRows {
  private static final int DELETED = 4;
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<LinkedHashMap<String, String>> HEADERS =
      new TypeReference<>() {};

  private static final String SELECT =
      "SELECT id, application_id, url, events, description, headers, key_pair, standing,"
          + " failing_since, failures, succeeded_at, created_at FROM webhook_endpoint";
  private static final String BY_APPLICATION =
      SELECT + " WHERE application_id = ? AND standing < 4 ORDER BY id";
  private static final String BY_APPLICATIONS =
      SELECT + " WHERE application_id = ANY(?) AND standing < 4 ORDER BY application_id, id";
  private static final String BY_ID =
      SELECT + " WHERE application_id = ? AND id = ? AND standing < 4";
  private static final String BY_IDS =
      SELECT + " WHERE application_id = ANY(?) AND id = ANY(?) AND standing < 4";

  /// Locked in one order, so that two nodes do not wait for each other.
  private static final String LOCKED = " ORDER BY application_id, id FOR NO KEY UPDATE";

  private static final String INSERT =
      "INSERT INTO webhook_endpoint (id, application_id, url, events, description, headers,"
          + " key_pair, standing, failing_since, failures, succeeded_at, created_at)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String UPDATE =
      "UPDATE webhook_endpoint SET url = ?, events = ?, description = ?, headers = ?,"
          + " key_pair = ?, standing = ?, failing_since = ?, failures = ?, succeeded_at = ?"
          + " WHERE application_id = ? AND id = ?";
  private static final String DELETE =
      "UPDATE webhook_endpoint SET standing = ? WHERE application_id = ? AND id = ?";
  private static final String FORGET =
      "DELETE FROM webhook_endpoint WHERE application_id = ? AND id = ? AND standing = ?";
  private static final String CLOSED =
      "SELECT application_id, id FROM webhook_endpoint WHERE standing > 0";
  private static final String DELETED_ONES =
      "SELECT application_id, id FROM webhook_endpoint WHERE standing = ?";

  private EndpointRows() {}

  public static List<WebhookEndpoint> of(Session session, ApplicationId application)
      throws SQLException {
    return session.sql(BY_APPLICATION).put(application.value()).all(EndpointRows::read);
  }

  /// Reads the endpoints of some applications with the session's next message, each one's oldest
  /// first.
  static void of(
      Session session, Collection<ApplicationId> applications, Consumer<WebhookEndpoint> each) {
    session
        .sql(BY_APPLICATIONS)
        .putIds(applications.stream().map(ApplicationId::value).toList())
        .later(EndpointRows::read, each);
  }

  public static Optional<WebhookEndpoint> find(
      Session session, EndpointId id, ApplicationId application) throws SQLException {
    return session.sql(BY_ID).put(application.value()).put(id.value()).one(EndpointRows::read);
  }

  /// The same, which nobody else changes until the end of the transaction.
  public static Optional<WebhookEndpoint> lock(
      Session session, EndpointId id, ApplicationId application) throws SQLException {
    return session
        .sql(BY_ID + " FOR NO KEY UPDATE")
        .put(application.value())
        .put(id.value())
        .one(EndpointRows::read);
  }

  /// Those of these endpoints that are there.
  ///
  /// @param locked whether nobody else may change them until the end of the transaction
  public static List<WebhookEndpoint> all(
      Session session, Collection<WebhookEndpoint> endpoints, boolean locked) throws SQLException {
    return session
        .sql(locked ? BY_IDS + LOCKED : BY_IDS)
        .putIds(endpoints.stream().map(one -> one.application().value()).distinct().toList())
        .putIds(endpoints.stream().map(one -> one.id().value()).toList())
        .all(EndpointRows::read);
  }

  public static void insert(Session session, WebhookEndpoint endpoint) throws SQLException {
    Sql sql = session.sql(INSERT).put(endpoint.id().value()).put(endpoint.application().value());
    changeable(sql, endpoint).put(endpoint.createdAt()).update();
  }

  public static void update(Session session, WebhookEndpoint endpoint) throws SQLException {
    changeable(session.sql(UPDATE), endpoint)
        .put(endpoint.application().value())
        .put(endpoint.id().value())
        .update();
  }

  private static Sql changeable(Sql sql, WebhookEndpoint endpoint) throws SQLException {
    return sql.put(endpoint.url().value())
        .put(
            endpoint.events().stream()
                .map(EventType::wire)
                .sorted()
                .collect(Collectors.joining(" ")))
        .put(endpoint.description())
        .put(JSON.writeValueAsString(endpoint.headers()))
        .put(endpoint.asymmetric())
        .put(code(endpoint.standing()))
        .putTime(endpoint.health().failingSince())
        .put(endpoint.health().failures())
        .putTime(endpoint.health().succeededAt());
  }

  public static void delete(Session session, WebhookEndpoint endpoint) throws SQLException {
    session
        .sql(DELETE)
        .put(DELETED)
        .put(endpoint.application().value())
        .put(endpoint.id().value())
        .update();
  }

  /// Removes a deleted one for good.
  public static void forget(Session session, Destination deleted) throws SQLException {
    session
        .sql(FORGET)
        .put(deleted.application().value())
        .put(UUID.fromString(deleted.key()))
        .put(DELETED)
        .update();
  }

  /// The queues that nothing is handed out of, of deleted endpoints too.
  public static Set<Destination> closed(Session session) throws SQLException {
    return new HashSet<>(session.sql(CLOSED).all(EndpointRows::destination));
  }

  /// Deleted ones of which something may still wait.
  public static List<Destination> deleted(Session session) throws SQLException {
    return session.sql(DELETED_ONES).put(DELETED).all(EndpointRows::destination);
  }

  private static Destination destination(Row row) throws SQLException {
    var application = new ApplicationId(row.uuid());
    return new Destination(application, row.uuid().toString());
  }

  public static int code(Standing standing) {
    return switch (standing) {
      case ACTIVE -> 0;
      case PAUSED -> 1;
      case GONE -> 2;
      case FAILING -> 3;
    };
  }

  public static Standing standing(int code) {
    return switch (code) {
      case 0 -> Standing.ACTIVE;
      case 1 -> Standing.PAUSED;
      case 2 -> Standing.GONE;
      case 3 -> Standing.FAILING;
      default -> throw new IllegalStateException("no endpoint has the standing " + code);
    };
  }

  private static WebhookEndpoint read(Row row) throws SQLException {
    return new WebhookEndpoint(
        new EndpointId(row.uuid()),
        new ApplicationId(row.uuid()),
        new CallbackUrl(row.text()),
        events(row.text()),
        row.text(),
        headers(row.text()),
        row.flag(),
        standing(row.integer()),
        health(row),
        row.time());
  }

  private static Health health(Row row) throws SQLException {
    Optional<Instant> failingSince = row.maybeTime();
    int failures = row.integer();
    return new Health(failingSince, failures, row.maybeTime());
  }

  private static Set<EventType> events(String words) {
    var events = EnumSet.noneOf(EventType.class);
    if (!words.isEmpty()) {
      Arrays.stream(words.split(" ")).map(EventType::ofWire).forEach(events::add);
    }
    return events;
  }

  private static Map<String, String> headers(String json) {
    return JSON.readValue(json, HEADERS);
  }
}
