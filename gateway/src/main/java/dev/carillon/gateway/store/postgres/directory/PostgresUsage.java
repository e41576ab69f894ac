package dev.carillon.gateway.store.postgres.directory;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.store.UsageStore;
import dev.carillon.gateway.store.postgres.Ground;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Sums of days, and ended tasks as lines of a bill.
public final class PostgresUsage implements UsageStore {
  private static final Map<Group, String> COLUMNS =
      new EnumMap<>(
          Map.of(
              Group.APPLICATION, "application_id",
              Group.DAY, "day",
              Group.SERVICE, "service",
              Group.API, "endpoint"));
  private static final String SUMS =
      "sum(succeeded)::bigint, sum(failed)::bigint, sum(cancelled)::bigint, sum(expired)::bigint,"
          + " sum(charged)::bigint, sum(took_ms)::bigint, max(longest_ms)";
  private static final String USED =
      "SELECT id, application_id, credential_id, service, endpoint, trace_id, created_at,"
          + " changed_at, state, coalesce(charged, price), error_code FROM task";
  private static final String BY_APPLICATION =
      " WHERE application_id = ? AND state >= 10" + " AND id >= ? AND id < ?";

  private static final int SUCCEEDED = 10;

  private final Ground ground;

  public PostgresUsage(Ground ground) {
    this.ground = ground;
  }

  @Override
  public List<Sum> sums(DayQuery query) {
    String groups = groups(query.by());
    String text =
        "SELECT "
            + groups
            + SUMS
            + " FROM usage_day WHERE day BETWEEN ? AND ?"
            + (query.application().isPresent() ? " AND application_id = ?" : "")
            + (groups.isEmpty() ? " HAVING count(*) > 0" : grouped(groups))
            + " LIMIT ?";
    return ground
        .database()
        .read(session -> {
          Sql sql = session.sql(text).put(query.from().toEpochDay()).put(query.to().toEpochDay());
          if (query.application().isPresent()) {
            sql.put(query.application().get().value());
          }
          return sql.put(query.max()).all(row -> sum(row, query.by()));
        });
  }

  private static String grouped(String groups) {
    String columns = groups.substring(0, groups.lastIndexOf(','));
    return " GROUP BY " + columns + " ORDER BY " + columns;
  }

  /// The columns of the groups, in the order of the enum, each with a comma after it.
  private static String groups(Set<Group> by) {
    return by.stream()
        .sorted()
        .map(group -> COLUMNS.get(group) + ", ")
        .collect(Collectors.joining());
  }

  private static Sum sum(Row row, Set<Group> by) throws SQLException {
    Optional<ApplicationId> application =
        by.contains(Group.APPLICATION)
            ? Optional.of(new ApplicationId(row.uuid()))
            : Optional.empty();
    Optional<LocalDate> day =
        by.contains(Group.DAY) ? Optional.of(LocalDate.ofEpochDay(row.number())) : Optional.empty();
    Optional<String> service =
        by.contains(Group.SERVICE) ? Optional.of(row.text()) : Optional.empty();
    Optional<String> api = by.contains(Group.API) ? Optional.of(row.text()) : Optional.empty();
    return new Sum(
        new Of(application, day, service, api),
        row.number(),
        row.number(),
        row.number(),
        row.number(),
        new Money(row.number()),
        Duration.ofMillis(row.number()),
        Duration.ofMillis(row.number()));
  }

  @Override
  public List<Used> tasks(TaskUse query) {
    String text =
        USED
            + BY_APPLICATION
            + (query.credential().isPresent() ? " AND credential_id = ?" : "")
            + (query.api().isPresent() ? " AND endpoint = ?" : "")
            + " ORDER BY id DESC LIMIT ?";
    return ground
        .database()
        .read(session -> {
          Sql sql =
              session
                  .sql(text)
                  .put(query.application().value())
                  .put(floor(query.from()))
                  .put(floor(query.to()));
          if (query.credential().isPresent()) {
            sql.put(query.credential().get().value());
          }
          if (query.api().isPresent()) {
            sql.put(query.api().get());
          }
          return sql.put(query.max()).all(PostgresUsage::used);
        });
  }

  /// The smallest id of a time, as ids hold the time of creation; their range is smaller than that
  /// of an `Instant`.
  private static UUID floor(Instant time) {
    return Ids.floorOf(Math.clamp(time.toEpochMilli(), 0, (1L << 48) - 1));
  }

  @Override
  public Optional<Used> task(TaskId id) {
    return ground
        .database()
        .read(session ->
            session
                .sql(USED + " WHERE id = ? AND state >= 10")
                .put(id.value())
                .one(PostgresUsage::used));
  }

  private static Used used(Row row) throws SQLException {
    return new Used(
        new TaskId(row.uuid()),
        new ApplicationId(row.uuid()),
        new CredentialId(row.uuid()),
        row.text(),
        row.text(),
        row.text(),
        row.time(),
        row.time(),
        row.integer() == SUCCEEDED,
        new Money(row.number()),
        row.maybeText());
  }
}
