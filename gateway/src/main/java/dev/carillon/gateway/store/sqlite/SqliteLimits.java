package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Limits;
import dev.carillon.gateway.domain.Limits.Ceiling;
import dev.carillon.gateway.domain.Rate;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.LimitStore;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The limits of applications that have any, all in memory: there are no more of them than
/// applications. Safe for many threads.
final class SqliteLimits implements LimitStore {
  private static final String ALL =
      "SELECT application_id, service, create_pace, create_burst, open_tasks, query_pace,"
          + " query_burst, running_tasks, weight FROM application_limit";
  private static final String DELETE = "DELETE FROM application_limit WHERE application_id = ?";
  private static final String INSERT =
      "INSERT INTO application_limit (application_id, service, create_pace, create_burst,"
          + " open_tasks, query_pace, query_burst, running_tasks, weight)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

  /// Stands for all services.
  private static final String WHOLE = "";

  private final Writer writer;
  private final Map<ApplicationId, Limits> known = new ConcurrentHashMap<>();

  SqliteLimits(Writer writer, Readers readers) {
    this.writer = writer;
    for (Line line : readers.atLength(session -> session.sql(ALL).all(Line::read))) {
      known.merge(line.application, line.limits, SqliteLimits::merged);
    }
  }

  @Override
  public Limits of(ApplicationId application) {
    return known.getOrDefault(application, Limits.USUAL);
  }

  @Override
  public void set(ApplicationId application, Limits limits) {
    writer.run(
        new Act<>(
            transaction -> {
              transaction.sql(DELETE).put(application.value()).update();
              write(transaction, application, limits);
              return limits;
            },
            // On the writer thread, so that the later of two commits is what stays.
            durable -> known.put(application, durable)));
  }

  /// There is one node.
  @Override
  public boolean isShared() {
    return false;
  }

  @Override
  public int portion(int whole) {
    return whole;
  }

  @Override
  public Map<String, Long> share(Map<String, Long> counted) {
    return Map.of();
  }

  private static void write(Transaction transaction, ApplicationId application, Limits limits)
      throws SQLException {
    if (!limits.equals(Limits.USUAL)) {
      insert(transaction, application, WHOLE, limits);
    }
    for (Map.Entry<String, Ceiling> one : limits.services().entrySet()) {
      Ceiling ceiling = one.getValue();
      var part =
          new Limits(ceiling, Optional.empty(), ceiling.runningTasks(), Optional.empty(), Map.of());
      insert(transaction, application, one.getKey(), part);
    }
  }

  private static void insert(
      Transaction transaction, ApplicationId application, String service, Limits limits)
      throws SQLException {
    Ceiling ceiling = limits.whole();
    transaction
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

  /// A row: what it says of all services, or of one.
  private record Line(ApplicationId application, Limits limits) {
    private static Line read(Row row) throws SQLException {
      var application = new ApplicationId(row.uuid());
      String service = row.text();
      Optional<Rate> create = rate(row);
      Optional<Integer> open = row.maybeNumber().map(Math::toIntExact);
      Optional<Rate> query = rate(row);
      Optional<Integer> running = row.maybeNumber().map(Math::toIntExact);
      Optional<Integer> weight = row.maybeNumber().map(Math::toIntExact);
      return new Line(
          application,
          service.equals(WHOLE)
              ? new Limits(new Ceiling(create, open), query, running, weight, Map.of())
              : ofService(service, new Ceiling(create, open, running)));
    }

    private static Limits ofService(String service, Ceiling ceiling) {
      return new Limits(
          Ceiling.NONE,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Map.of(service, ceiling));
    }

    private static Optional<Rate> rate(Row row) throws SQLException {
      Optional<Long> pace = row.maybeNumber();
      Optional<Long> burst = row.maybeNumber();
      return pace.flatMap(
          perThousand -> burst.map(most -> new Rate(perThousand, Math.toIntExact(most))));
    }
  }
}
