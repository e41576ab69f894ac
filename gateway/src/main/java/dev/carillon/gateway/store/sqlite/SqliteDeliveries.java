package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.Delivery;
import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.store.DeliveryStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The verbs of callbacks on their way.
final class SqliteDeliveries implements DeliveryStore {
  private static final int PAGE = 256;

  private final Memory memory;
  private final Writer writer;
  private final Readers readers;
  private final InstantSource clock;

  SqliteDeliveries(Memory memory, Writer writer, Readers readers, InstantSource clock) {
    this.memory = memory;
    this.writer = writer;
    this.readers = readers;
    this.clock = clock;
  }

  @Override
  public List<Dispatch> claimDeliveries(Doors doors, int max, Duration wait)
      throws InterruptedException {
    return memory.dispatches().take(doors, max, wait.toNanos());
  }

  @Override
  public void reopen(Destination destination) {
    memory.dispatches().reopen(destination);
  }

  @Override
  public void putBack(Dispatch dispatch) {
    memory.dispatches().putBack(dispatch);
  }

  @Override
  public void readAgain(Dispatch dispatch) {
    memory.dispatches().release(dispatch, Optional.of(clock.millis()));
  }

  @Override
  public void recordAttempt(Dispatch dispatch, Receipt receipt) {
    writer.run(new RecordAttempt(memory, dispatch, receipt));
  }

  @Override
  public void bringForward(Duration by) {
    Optional<DueRows.Place> last = Optional.of(DueRows.Place.FIRST);
    while (last.isPresent()) {
      DueRows.Place after = last.get();
      last =
          writer.run(
              new Act<>(transaction ->
                  DueRows.bringForward(transaction, after, clock.millis(), by.toMillis())));
    }
    readers
        .atLength(DueRows::destinations)
        .forEach((destination, at) -> memory.dispatches().due(destination, at, 0));
  }

  @Override
  public int pendingDeliveries() {
    return memory.dispatches().pending();
  }

  @Override
  public Optional<Delivery> delivery(DeliveryId id, ApplicationId application) {
    return readers.shortly(session -> DeliveryReads.one(session, id, application));
  }

  @Override
  public List<Delivery.Attempt> attempts(DeliveryId id, ApplicationId application) {
    Optional<Delivery> delivery = delivery(id, application);
    return delivery.isEmpty()
        ? List.of()
        : readers.atLength(session -> DeliveryReads.attempts(session, delivery.get()));
  }

  @Override
  public List<Delivery> deliveries(DeliveryQuery query) {
    return readers.atLength(session -> DeliveryReads.page(session, query));
  }

  @Override
  public boolean redeliver(DeliveryId id, ApplicationId application, boolean newId) {
    Optional<Delivery> delivery = delivery(id, application);
    return delivery.isPresent()
        && writer.run(new Redeliver(memory, List.of(delivery.get()), newId, clock.instant())) > 0;
  }

  @Override
  public Redelivered redeliverAll(DeliveryQuery query, boolean dryRun) {
    if (dryRun) {
      int all = readers.atLength(session -> DeliveryReads.count(session, query));
      return new Redelivered(all, Optional.empty());
    }
    Instant now = clock.instant();
    int most = query.limit();
    DeliveryQuery withOneMore = query.page(query.before(), most + 1);
    List<DeliveryId> ids = readers.atLength(session -> DeliveryReads.ids(session, withOneMore));
    List<DeliveryId> wanted = ids.subList(0, Math.min(ids.size(), most));
    int sent = 0;
    for (int from = 0; from < wanted.size(); from += PAGE) {
      List<DeliveryId> page = wanted.subList(from, Math.min(from + PAGE, wanted.size()));
      List<Delivery> found = readers.atLength(session -> some(session, page, query.application()));
      sent += writer.run(new Redeliver(memory, found, false, now));
    }
    return Redelivered.of(sent, ids, most);
  }

  private static List<Delivery> some(
      Session session, List<DeliveryId> ids, ApplicationId application) throws SQLException {
    var found = new ArrayList<Delivery>(ids.size());
    for (DeliveryId id : ids) {
      DeliveryReads.one(session, id, application).ifPresent(found::add);
    }
    return found;
  }
}
