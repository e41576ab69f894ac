package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.DeliveryId;
import dev.carillon.gateway.domain.Dispatch;
import dev.carillon.gateway.domain.Receipt;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.store.DeliveryStore;
import dev.carillon.gateway.store.sqlite.DeliveryRows.Place;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The verbs of callbacks on their way.
final class SqliteDeliveries implements DeliveryStore {
  /// How long after an attempt that could not be stored the delivery is tried again.
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private static final int MOST_AT_ONCE = 256;

  private final Dispatches dispatches;
  private final Writer writer;
  private final Readers readers;
  private final InstantSource clock;

  SqliteDeliveries(Dispatches dispatches, Writer writer, Readers readers, InstantSource clock) {
    this.dispatches = dispatches;
    this.writer = writer;
    this.readers = readers;
    this.clock = clock;
  }

  @Override
  public List<Dispatch> claimDeliveries(int max, Duration wait) throws InterruptedException {
    return dispatches.take(
        max,
        wait.toNanos(),
        (now, from, page, leave) ->
            readers.atLength(session -> due(session, now, from, page, leave)));
  }

  private static Dispatches.Page due(
      Session session, long now, Place from, int max, Set<DeliveryId> leave) throws SQLException {
    List<Place> places = DeliveryRows.due(session, now, from, max);
    var found = new ArrayList<Dispatch>();
    Place end = from;
    for (Place place : places) {
      if (!leave.contains(place.id())) {
        if (found.size() == MOST_AT_ONCE) {
          return new Dispatches.Page(found, end, now);
        }
        DeliveryRows.dispatch(session, place).ifPresent(found::add);
      }
      end = place;
    }
    long next =
        places.size() == max ? now : DeliveryRows.nextDue(session, now).orElse(Long.MAX_VALUE);
    return new Dispatches.Page(found, end, next);
  }

  @Override
  public void recordAttempt(Dispatch dispatch, Receipt receipt) {
    boolean stored = false;
    try {
      writer.run(new RecordAttempt(dispatches, dispatch, receipt));
      stored = true;
    } finally {
      if (!stored) {
        long later = clock.instant().plus(AFTER_FAILURE).toEpochMilli();
        dispatches.release(dispatch.id(), Optional.of(later));
      }
    }
  }

  @Override
  public List<Attempt> attempts(TaskId task) {
    return readers.atLength(session -> DeliveryRows.attempts(session, task));
  }

  @Override
  public int pendingDeliveries() {
    return dispatches.pending();
  }

  /// Stores an attempt; the delivery may be claimed again once that is durable.
  private static final class RecordAttempt extends Verb<Boolean> {
    private final Dispatches dispatches;
    private final Dispatch dispatch;
    private final Receipt receipt;

    private RecordAttempt(Dispatches dispatches, Dispatch dispatch, Receipt receipt) {
      this.dispatches = dispatches;
      this.dispatch = dispatch;
      this.receipt = receipt;
    }

    @Override
    Boolean run(Transaction transaction) throws SQLException {
      return DeliveryRows.recordAttempt(transaction.session(), dispatch, receipt);
    }

    @Override
    void committed(Boolean stored) {
      Optional<Long> retryAt =
          receipt.next() instanceof Receipt.Next.Retry(var at)
              ? Optional.of(at.toEpochMilli())
              : Optional.empty();
      if (stored && retryAt.isEmpty()) {
        dispatches.done();
      }
      dispatches.release(dispatch.id(), retryAt);
    }
  }
}
