package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.TaskState.Cancelled;
import dev.carillon.gateway.domain.TaskState.Ended;
import dev.carillon.gateway.domain.TaskState.Expired;
import dev.carillon.gateway.domain.TaskState.Failed;
import dev.carillon.gateway.domain.TaskState.Succeeded;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// Counts the tasks that a batch ends, and adds them to the sums of their days in the batch's own
/// transaction: one row for each application, day, service and endpoint, in that order.
final class UsageDays {
  private static final String ADD =
      "INSERT INTO usage_day (application_id, day, service, endpoint, succeeded, failed, cancelled,"
          + " expired, charged, took_ms, longest_ms)"
          + " SELECT * FROM unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::bigint[],"
          + " ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])"
          + " ON CONFLICT (application_id, day, service, endpoint) DO UPDATE SET"
          + " succeeded = usage_day.succeeded + excluded.succeeded,"
          + " failed = usage_day.failed + excluded.failed,"
          + " cancelled = usage_day.cancelled + excluded.cancelled,"
          + " expired = usage_day.expired + excluded.expired,"
          + " charged = usage_day.charged + excluded.charged,"
          + " took_ms = usage_day.took_ms + excluded.took_ms,"
          + " longest_ms = greatest(usage_day.longest_ms, excluded.longest_ms)";

  private final Map<Key, Counts> counts = new TreeMap<>();

  /// Counts a task that ends in this transaction.
  ///
  /// @param charged what it cost, in millionths of a credit
  void ended(Order order, Ended ended, long charged) {
    long end = ended.at().toEpochMilli();
    Counts of = counts(order, end);
    of.charged += charged;
    switch (ended) {
      case Succeeded _ -> of.succeeded(Math.max(0, end - order.createdAt().toEpochMilli()));
      case Failed _ -> of.failed++;
      case Cancelled _ -> of.cancelled++;
      case Expired _ -> of.expired++;
    }
  }

  /// Counts a task no longer as expired, as its result came after all.
  void takeBack(Order order, Instant expiredAt) {
    counts(order, expiredAt.toEpochMilli()).expired--;
  }

  private Counts counts(Order order, long end) {
    var key =
        new Key(
            order.owner().application(),
            Math.floorDiv(end, TimeUnit.DAYS.toMillis(1)),
            order.service(),
            order.endpoint());
    return counts.computeIfAbsent(key, _ -> new Counts());
  }

  void write(Session session) throws SQLException {
    if (counts.isEmpty()) {
      return;
    }
    List<Key> keys = List.copyOf(counts.keySet());
    List<Counts> rows = List.copyOf(counts.values());
    session
        .sql(ADD)
        .ids(keys, key -> key.application.value())
        .numbers(keys, Key::day)
        .texts(keys, Key::service)
        .texts(keys, Key::endpoint)
        .numbers(rows, row -> row.succeeded)
        .numbers(rows, row -> row.failed)
        .numbers(rows, row -> row.cancelled)
        .numbers(rows, row -> row.expired)
        .numbers(rows, row -> row.charged)
        .numbers(rows, row -> row.took)
        .numbers(rows, row -> row.longest)
        .later();
  }

  private record Key(ApplicationId application, long day, String service, String endpoint)
      implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byApplication = application.value().compareTo(other.application.value());
      if (byApplication != 0) {
        return byApplication;
      }
      int byDay = Long.compare(day, other.day);
      if (byDay != 0) {
        return byDay;
      }
      int byService = service.compareTo(other.service);
      return byService != 0 ? byService : endpoint.compareTo(other.endpoint);
    }
  }

  private static final class Counts {
    private int succeeded;
    private int failed;
    private int cancelled;
    private int expired;
    private long charged;
    private long took;
    private long longest;

    private void succeeded(long millis) {
      succeeded++;
      took += millis;
      longest = Math.max(longest, millis);
    }
  }
}
