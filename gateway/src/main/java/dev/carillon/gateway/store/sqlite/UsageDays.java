package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.TaskState.Cancelled;
import dev.carillon.gateway.domain.TaskState.Ended;
import dev.carillon.gateway.domain.TaskState.Expired;
import dev.carillon.gateway.domain.TaskState.Failed;
import dev.carillon.gateway.domain.TaskState.Succeeded;
import dev.carillon.gateway.domain.account.ApplicationId;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Counts the tasks that a batch ends, and adds them to the sums of their days in the batch's own
/// transaction: one statement for each application, service and endpoint, however many tasks. Of
/// the writer thread.
final class UsageDays {
  private static final String ADD =
      "INSERT INTO usage_day (application_id, day, service, endpoint, succeeded, failed, cancelled,"
          + " expired, charged, took_ms, longest_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
          + " ON CONFLICT DO UPDATE SET succeeded = succeeded + excluded.succeeded,"
          + " failed = failed + excluded.failed, cancelled = cancelled + excluded.cancelled,"
          + " expired = expired + excluded.expired, charged = charged + excluded.charged,"
          + " took_ms = took_ms + excluded.took_ms,"
          + " longest_ms = max(longest_ms, excluded.longest_ms)";

  private final Map<Key, Counts> batch = new HashMap<>();

  /// Counts a task that ends in this transaction.
  ///
  /// @param charged what it cost, in millionths of a credit
  void ended(Order order, Ended ended, long charged) {
    long end = ended.at().toEpochMilli();
    Counts counts = counts(order, end);
    counts.charged += charged;
    switch (ended) {
      case Succeeded _ -> counts.succeeded(Math.max(0, end - order.createdAt().toEpochMilli()));
      case Failed _ -> counts.failed++;
      case Cancelled _ -> counts.cancelled++;
      case Expired _ -> counts.expired++;
    }
  }

  private Counts counts(Order order, long end) {
    var key =
        new Key(
            order.owner().application(),
            Math.floorDiv(end, TimeUnit.DAYS.toMillis(1)),
            order.service(),
            order.endpoint());
    return batch.computeIfAbsent(key, _ -> new Counts());
  }

  /// Counts a task no longer as expired, as its result came after all.
  void takeBack(Order order, long expiredAt) {
    counts(order, expiredAt).expired--;
  }

  /// Writes what the batch counted, right before its commit.
  void write(Session session) throws SQLException {
    for (var entry : batch.entrySet()) {
      Key key = entry.getKey();
      Counts counts = entry.getValue();
      session
          .sql(ADD)
          .put(key.application.value())
          .put(key.day)
          .put(key.service)
          .put(key.endpoint)
          .put(counts.succeeded)
          .put(counts.failed)
          .put(counts.cancelled)
          .put(counts.expired)
          .put(counts.charged)
          .put(counts.took)
          .put(counts.longest)
          .update();
    }
    batch.clear();
  }

  /// Forgets what a batch counted that was rolled back.
  void forget() {
    batch.clear();
  }

  private record Key(ApplicationId application, long day, String service, String endpoint) {}

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
