package dev.carillon.gateway.store.sqlite;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Health;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Standing;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// How registered endpoints stand in their table. A deleted one stays, unseen, until what waited
/// for it is dropped.
final class EndpointRows {
  private static final int DELETED = 4;
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<LinkedHashMap<String, String>> HEADERS =
      new TypeReference<>() {};

  private static final String SELECT =
      "SELECT id, application_id, url, events, description, headers, asymmetric, standing,"
          + " failing_since, failures, succeeded_at, created_at FROM webhook_endpoint";
  private static final String BY_APPLICATION =
      SELECT + " WHERE application_id = ? AND standing < 4 ORDER BY id";
  private static final String BY_ID = SELECT + " WHERE id = ? AND standing < 4";
  private static final String INSERT =
      "INSERT INTO webhook_endpoint (id, application_id, url, events, description, headers,"
          + " asymmetric, standing, failing_since, failures, succeeded_at, created_at)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String UPDATE =
      "UPDATE webhook_endpoint SET url = ?, events = ?, description = ?, headers = ?,"
          + " asymmetric = ?, standing = ?, failing_since = ?, failures = ?, succeeded_at = ?"
          + " WHERE id = ?";
  private static final String DELETE = "UPDATE webhook_endpoint SET standing = ? WHERE id = ?";
  private static final String FORGET = "DELETE FROM webhook_endpoint WHERE id = ?";
  private static final String CLOSED =
      "SELECT application_id, id FROM webhook_endpoint WHERE standing > 0";
  private static final String DELETED_ONES =
      "SELECT application_id, id FROM webhook_endpoint WHERE standing = ?";

  private EndpointRows() {}

  static List<WebhookEndpoint> of(Session session, ApplicationId application) throws SQLException {
    return session.sql(BY_APPLICATION).put(application.value()).all(EndpointRows::read);
  }

  static Optional<WebhookEndpoint> byId(Session session, EndpointId id) throws SQLException {
    return session.sql(BY_ID).put(id.value()).one(EndpointRows::read);
  }

  static void insert(Session session, WebhookEndpoint endpoint) throws SQLException {
    Sql sql = session.sql(INSERT).put(endpoint.id().value()).put(endpoint.application().value());
    changeable(sql, endpoint).put(endpoint.createdAt()).update();
  }

  static void update(Session session, WebhookEndpoint endpoint) throws SQLException {
    changeable(session.sql(UPDATE), endpoint).put(endpoint.id().value()).update();
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

  static void delete(Session session, EndpointId id) throws SQLException {
    session.sql(DELETE).put(DELETED).put(id.value()).update();
  }

  static void forget(Session session, EndpointId id) throws SQLException {
    session.sql(FORGET).put(id.value()).update();
  }

  /// The queues that nothing is handed out of, of deleted endpoints too.
  static Set<Destination> closed(Session session) throws SQLException {
    return new HashSet<>(session.sql(CLOSED).all(EndpointRows::destination));
  }

  /// Deleted ones of which something may still wait.
  static List<Destination> deleted(Session session) throws SQLException {
    return session.sql(DELETED_ONES).put(DELETED).all(EndpointRows::destination);
  }

  private static Destination destination(Row row) throws SQLException {
    var application = new ApplicationId(row.uuid());
    return new Destination(application, row.uuid().toString());
  }

  static int code(Standing standing) {
    return switch (standing) {
      case ACTIVE -> 0;
      case PAUSED -> 1;
      case GONE -> 2;
      case FAILING -> 3;
    };
  }

  static Standing standing(int code) {
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
