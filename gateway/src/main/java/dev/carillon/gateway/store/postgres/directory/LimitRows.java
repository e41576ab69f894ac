package dev.carillon.gateway.store.postgres.directory;

import dev.carillon.gateway.domain.Limits;
import dev.carillon.gateway.domain.Limits.Ceiling;
import dev.carillon.gateway.domain.Rate;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// How the limits of applications stand in their table: a row for what holds over all services, one
/// for each service that has its own.
final class LimitRows {
  private static final String OF =
      "SELECT service, create_pace, create_burst, open_tasks, query_pace, query_burst,"
          + " running_tasks, weight FROM application_limit WHERE application_id = ?";
  private static final String DELETE = "DELETE FROM application_limit WHERE application_id = ?";
  private static final String INSERT =
      "INSERT INTO application_limit (application_id, service, create_pace, create_burst,"
          + " open_tasks, query_pace, query_burst, running_tasks, weight)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

  /// Of two nodes that write at once the second waits here, as the rows may not be there yet.
  private static final String LOCK = "SELECT 1 FROM application WHERE id = ? FOR NO KEY UPDATE";

  /// Stands for all services.
  private static final String WHOLE = "";

  private LimitRows() {}

  static Limits of(Session session, ApplicationId application) throws SQLException {
    return session.sql(OF).put(application.value()).all(LimitRows::read).stream()
        .reduce(Limits.USUAL, LimitRows::merged);
  }

  static int write(Session session, ApplicationId application, Limits limits) throws SQLException {
    session.sql(LOCK).put(application.value()).one(Row::integer);
    session.sql(DELETE).put(application.value()).update();
    if (!limits.equals(Limits.USUAL)) {
      insert(session, application, WHOLE, limits);
    }
    for (Map.Entry<String, Ceiling> one : limits.services().entrySet()) {
      Ceiling ceiling = one.getValue();
      var part =
          new Limits(ceiling, Optional.empty(), ceiling.runningTasks(), Optional.empty(), Map.of());
      insert(session, application, one.getKey(), part);
    }
    return limits.services().size();
  }

  private static void insert(
      Session session, ApplicationId application, String service, Limits limits)
      throws SQLException {
    Ceiling ceiling = limits.whole();
    session
        .sql(INSERT)
        .put(application.value())
        .put(service)
        .putNumber(ceiling.create().map(Rate::perThousandSeconds))
        .putNumber(ceiling.create().map(rate -> (long) rate.burst()))
        .putNumber(ceiling.openTasks().map(Integer::longValue))
        .putNumber(limits.query().map(Rate::perThousandSeconds))
        .putNumber(limits.query().map(rate -> (long) rate.burst()))
        .putNumber(limits.runningTasks().map(Integer::longValue))
        .putNumber(limits.weight().map(Integer::longValue))
        .update();
  }

  private static Limits merged(Limits one, Limits other) {
    var services = new HashMap<>(one.services());
    services.putAll(other.services());
    return new Limits(
        one.whole().orElse(other.whole()),
        one.query().or(other::query),
        one.runningTasks().or(other::runningTasks),
        one.weight().or(other::weight),
        services);
  }

  /// What a row says of all services, or of one.
  private static Limits read(Row row) throws SQLException {
    String service = row.text();
    Optional<Rate> create = rate(row);
    Optional<Integer> open = row.maybeNumber().map(Math::toIntExact);
    Optional<Rate> query = rate(row);
    Optional<Integer> running = row.maybeNumber().map(Math::toIntExact);
    Optional<Integer> weight = row.maybeNumber().map(Math::toIntExact);
    return service.equals(WHOLE)
        ? new Limits(new Ceiling(create, open), query, running, weight, Map.of())
        : new Limits(
            Ceiling.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(service, new Ceiling(create, open, running)));
  }

  private static Optional<Rate> rate(Row row) throws SQLException {
    Optional<Long> pace = row.maybeNumber();
    Optional<Long> burst = row.maybeNumber();
    return pace.flatMap(
        perThousand -> burst.map(most -> new Rate(perThousand, Math.toIntExact(most))));
  }
}
